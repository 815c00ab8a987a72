// The files that mizan-generate writes from schema.json. No component says what to refetch.
import {
  BoardProvider,
  UserProvider,
  useBoardTasks as useBoardTasksState,
  useRename as useRenameState,
  useRetitle as useRetitleState,
  useUserProfile,
} from "generated";

export function Root({ children }) {
  return children;
}

export function User({ user_id, children }) {
  return <UserProvider user_id={user_id}>{children}</UserProvider>;
}

export function Board({ children }) {
  return <BoardProvider>{children}</BoardProvider>;
}

export function useProfile() {
  return useUserProfile().data;
}

export function useBoardTasks() {
  return useBoardTasksState().data;
}

export function useRename() {
  const { call, isPending } = useRenameState();
  return [call, isPending];
}

export function useRetitle() {
  const { call, isPending } = useRetitleState();
  return [call, isPending];
}
