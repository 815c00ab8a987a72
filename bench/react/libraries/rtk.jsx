// As in https://redux-toolkit.js.org/rtk-query/usage/automated-refetching: each query says which tags it
// provides, each mutation which it invalidates.
import { configureStore } from "@reduxjs/toolkit";
import { createApi, fetchBaseQuery } from "@reduxjs/toolkit/query/react";
import { Provider } from "react-redux";
import { BASE } from "../requests.js";

const api = createApi({
  baseQuery: fetchBaseQuery({ baseUrl: BASE }),
  tagTypes: ["User", "Board"],
  endpoints: (build) => ({
    user: build.query({
      query: (user_id) => `ctx/user/?user_id=${user_id}`,
      providesTags: (_result, _error, user_id) => [{ type: "User", id: user_id }],
    }),
    board: build.query({ query: () => "ctx/board/", providesTags: ["Board"] }),
    rename: build.mutation({
      query: (args) => ({ url: "call/", method: "POST", body: { function: "rename", args } }),
      invalidatesTags: (_result, _error, { user_id }) => [{ type: "User", id: user_id }],
    }),
    retitle: build.mutation({
      query: (args) => ({ url: "call/", method: "POST", body: { function: "retitle", args } }),
      invalidatesTags: ["Board"],
    }),
  }),
});

const store = configureStore({
  reducer: { [api.reducerPath]: api.reducer },
  middleware: (getDefaultMiddleware) => getDefaultMiddleware().concat(api.middleware),
});

export function Root({ children }) {
  return <Provider store={store}>{children}</Provider>;
}

export function User({ children }) {
  return children;
}

export function Board({ children }) {
  return children;
}

export function useProfile(user_id) {
  const { data } = api.useUserQuery(user_id);
  return data?.user_profile;
}

export function useBoardTasks() {
  const { data } = api.useBoardQuery();
  return data?.board_tasks;
}

export function useRename() {
  const [rename, { isLoading }] = api.useRenameMutation();
  return [rename, isLoading];
}

export function useRetitle() {
  const [retitle, { isLoading }] = api.useRetitleMutation();
  return [retitle, isLoading];
}
