// As in https://swr.vercel.app/docs/mutation#useswrmutation: the mutation has the key of what it changes,
// which is revalidated when it has been answered.
import useSWR from "swr";
import useSWRMutation from "swr/mutation";
import { BOARD, call, read, userUrl } from "../requests.js";

export function Root({ children }) {
  return children;
}

export function User({ children }) {
  return children;
}

export function Board({ children }) {
  return children;
}

export function useProfile(user_id) {
  const { data } = useSWR(userUrl(user_id), read);
  return data?.user_profile;
}

export function useBoardTasks() {
  const { data } = useSWR(BOARD, read);
  return data?.board_tasks;
}

export function useRename(user_id) {
  const { trigger, isMutating } = useSWRMutation(userUrl(user_id), (_key, { arg }) =>
    call("rename", arg),
  );
  return [trigger, isMutating];
}

export function useRetitle() {
  const { trigger, isMutating } = useSWRMutation(BOARD, (_key, { arg }) => call("retitle", arg));
  return [trigger, isMutating];
}
