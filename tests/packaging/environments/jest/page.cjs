const { TestEnvironment } = require("jest-environment-jsdom");

/** jsdom has no `fetch`. This one is Node's, which takes no other signals than its own. */
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, { fetch, AbortController, AbortSignal });
  }
};
