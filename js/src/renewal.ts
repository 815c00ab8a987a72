/** Lists of which a page has come to begin elsewhere: what is on the page is older until the new ones are there. */
export const renewals = /* @__PURE__ */ new Set<Promise<void>>();
