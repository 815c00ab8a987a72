// What the GraphQL clients ask for: the fields that the JSON of the others has.

export const USER = `query User($user_id: Int!) {
  user_profile(user_id: $user_id) { id name bio joined }
  user_tasks(user_id: $user_id) { id title state estimate }
}`;

export const BOARD = `query Board {
  board_tasks { id title state estimate }
}`;

export const RENAME = `mutation Rename($user_id: Int!, $name: String!) {
  rename(user_id: $user_id, name: $name) { id }
}`;

export const RETITLE = `mutation Retitle($task_id: Int!, $title: String!) {
  retitle(task_id: $task_id, title: $title) { id }
}`;
