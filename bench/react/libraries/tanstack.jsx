// As in https://tanstack.com/query/latest/docs/framework/react/guides/invalidations-from-mutations: the
// promise of `invalidateQueries` is returned, so that `isPending` lasts until the new data is there.
import {
  QueryClient,
  QueryClientProvider,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { BOARD, call, read, userUrl } from "../requests.js";

const client = new QueryClient();

export function Root({ children }) {
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

export function User({ children }) {
  return children;
}

export function Board({ children }) {
  return children;
}

export function useProfile(user_id) {
  const { data } = useQuery({
    queryKey: ["user", user_id],
    queryFn: () => read(userUrl(user_id)),
  });
  return data?.user_profile;
}

export function useBoardTasks() {
  const { data } = useQuery({ queryKey: ["board"], queryFn: () => read(BOARD) });
  return data?.board_tasks;
}

export function useRename() {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: (args) => call("rename", args),
    onSuccess: (_result, { user_id }) =>
      queryClient.invalidateQueries({ queryKey: ["user", user_id] }),
  });
  return [mutate, isPending];
}

export function useRetitle() {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: (args) => call("retitle", args),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["board"] }),
  });
  return [mutate, isPending];
}
