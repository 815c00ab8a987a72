const { resolve, ...config } = require("./webpack.config.js");

module.exports = {
  ...config,
  entry: "./slim.ts",
  resolve: { ...resolve, conditionNames: ["mizan-slim", "..."] },
};
