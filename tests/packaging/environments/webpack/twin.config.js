const { resolve, ...config } = require("./webpack.config.js");

module.exports = { ...config, resolve: { ...resolve, conditionNames: ["mizan-js", "..."] } };
