// How the libraries that bring no transport of their own ask the server.

export const BASE = "/api/mizan/";
export const BOARD = `${BASE}ctx/board/`;

export function userUrl(user_id) {
  return `${BASE}ctx/user/?user_id=${user_id}`;
}

export async function read(url) {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}`);
  }
  return response.json();
}

export async function call(name, args) {
  const response = await fetch(`${BASE}call/`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ function: name, args }),
  });
  if (!response.ok) {
    throw new Error(`${name} answered ${response.status}`);
  }
  return response.json();
}
