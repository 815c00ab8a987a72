// What the libraries that speak GraphQL ask.

export const ITEM = "query Item($id: Int!) { item(id: $id) { __typename id name version } }";

export const LIST = `query List($id: Int!) {
  rows(id: $id) {
    __typename id title done estimate tags text
    owner { __typename id name }
  }
}`;

/** Changes an item, and says of which type it is. */
export const TOUCH = "mutation Touch { touch { __typename id } }";
