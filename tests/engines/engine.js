// Starts the browser that ENGINE names, by its WebDriver. The programs are named by the environment,
// so nothing looks for any, or downloads one.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { Builder } from "selenium-webdriver";

const {
  ENGINE = "chromium",
  CHROMIUM = "/usr/bin/chromium",
  CHROMEDRIVER = "/usr/bin/chromedriver",
  FIREFOX = "/usr/bin/firefox-esr",
  GECKODRIVER = "geckodriver",
  WEBKITDRIVER = "/usr/bin/WebKitWebDriver",
} = process.env;

const ENGINES = {
  chromium: {
    driver: [CHROMEDRIVER, "--log-level=OFF"],
    browserName: "chrome",
    "goog:chromeOptions": {
      binary: CHROMIUM,
      args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    },
  },
  firefox: {
    driver: [GECKODRIVER, "--log=fatal"],
    browserName: "firefox",
    "moz:firefoxOptions": {
      binary: FIREFOX,
      args: ["-headless"],
      // Nothing is asked of anybody but the site.
      prefs: {
        "app.normandy.enabled": false,
        "app.update.disabledForTesting": true,
        "browser.topsites.contile.enabled": false,
        "datareporting.policy.dataSubmissionEnabled": false,
        "network.captive-portal-service.enabled": false,
        "network.connectivity-service.enabled": false,
        "nimbus.rollouts.enabled": false,
        "services.settings.server": "data:,#remote-settings-dummy/v1",
        "toolkit.telemetry.enabled": false,
      },
    },
  },
  webkit: {
    driver: [WEBKITDRIVER],
    browserName: "MiniBrowser",
    "webkitgtk:browserOptions": { args: ["--automation"] },
  },
};

export const engine = ENGINE;

/** Resolves with a driver of Selenium's, whose `quit()` ends the browser and what drives it. */
export async function startBrowser() {
  const { driver: program, ...capabilities } = ENGINES[ENGINE];
  const port = await freePort();
  const [command, ...args] = program;
  // What browsers say about themselves on a machine without a screen is nobody's concern.
  const child = spawn(command, [`--port=${port}`, ...args], { stdio: "ignore" });
  const exit = once(child, "exit").then(
    ([code]) => Promise.reject(new Error(`${command} ended with ${code}`)),
    ({ message }) => Promise.reject(new Error(`${command}: ${message}`)),
  );
  exit.catch(() => {});
  await Promise.race([listens(port), exit]);
  const driver = await Promise.race([
    new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities(capabilities).build(),
    exit,
  ]);
  await driver.manage().setTimeouts({ script: 10_000, pageLoad: 10_000 });
  return {
    driver,
    async quit() {
      await driver.quit();
      child.kill();
      await exit.catch(() => {});
    },
  };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Drivers do not say when they listen, so they are asked until they answer. */
async function listens(port) {
  for (;;) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/status`);
      if ((await response.json()).value.ready) {
        return;
      }
    } catch {
      await new Promise(setImmediate);
    }
  }
}
