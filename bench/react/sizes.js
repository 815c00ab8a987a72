// What the pages show.
export const USERS = 50;
export const CELLS_OF_USER = 4;
export const CELLS = USERS * CELLS_OF_USER;
export const TASKS = 2500;
