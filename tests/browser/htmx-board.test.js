// The team board in pages of Django templates, with htmx 4 and with htmx 2: what one window does, and which parts
// of which window are asked for again because of it. Counted in the server's own log.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cards, openBoard, team } from "./board.js";
import {
  adding,
  logIn,
  longThread,
  move,
  moves,
  openTask,
  panel,
  settled,
  taskIn,
  thread,
  titleOf,
  titles,
} from "./pages.js";
import { HTMX } from "./server.js";

const BOARD = "GET /projects/1/board/ 200";
const SIDEBAR = "GET /sidebar/?at=/projects/1/ 200";

for (const version of ["4", "2"]) {
  describe(`with htmx ${version}`, () => {
    const board = openBoard(HTMX, { HTMX: version });

    /** Somebody who has logged in, in so many windows. */
    async function arriveAs(name, path = "/projects/1/", windows = 1) {
      const visitor = await board.arrive();
      const page = await visitor.window(path);
      await logIn(page, name);
      const pages = [page];
      while (pages.length < windows) pages.push(await visitor.window(path));
      for (const each of pages) await settled(each);
      return { visitor, pages, page };
    }

    test("a visit asks for the page, and for nothing more", async () => {
      const visitor = await board.arrive();
      const requests = board.mark();
      const page = await visitor.window("/projects/1/");
      await settled(page);
      assert.deepEqual(requests(), ["GET /projects/1/ 200"]);
    });

    test("a task that moves in one window moves in the other, by a request for each address that shows it", async () => {
      const { pages } = await arriveAs("Ada Lovelace", "/projects/1/", 2);
      const [one, other] = pages;
      const title = await titleOf(one, "To do", "Grace Hopper");
      const rows = await team(other).getByRole("listitem").elementHandles();
      const requests = board.mark();

      await move(one, title, "Doing");
      await one.getByRole("status").getByText("Moved to Doing.").waitFor();
      for (const page of pages) {
        await titles(page, "Doing").first().getByText(title, { exact: true }).waitFor();
        await settled(page);
      }
      assert.deepEqual(
        requests(),
        [BOARD, BOARD, SIDEBAR, SIDEBAR, "POST /tasks/TASK/move/ 200"].map((line) =>
          line.replace("TASK", taskIn(requests())),
        ),
      );
      // Hers is another now, and theirs are not touched.
      for (const row of rows) assert.ok(await row.evaluate((element) => element.isConnected));
    });

    test("a finished task changes the count of its project and of its person, by one request for both", async () => {
      const { pages } = await arriveAs("Ada Lovelace", "/projects/1/", 2);
      const [one, other] = pages;
      const counts = () =>
        other
          .getByRole("complementary", { name: "Projects and team" })
          .locator(".badge")
          .allTextContents();
      const before = (await counts()).map(Number.parseFloat);
      const title = await titleOf(one, "Doing", "Alan Turing");
      const requests = board.mark();
      await move(one, title, "Done");
      await titles(other, "Done").getByText(title, { exact: true }).waitFor();
      await settled(other);
      const after = (await counts()).map(Number.parseFloat);
      // Three projects, five people; Alan is the third.
      assert.deepEqual(
        after,
        before.map((count, at) => (at === 0 || at === 5 ? count - 1 : count)),
      );
      assert.equal(requests().filter((line) => line === SIDEBAR).length, 2);
      assert.equal(requests().filter((line) => line === BOARD).length, 2);
    });

    test("by keyboard a task goes up, and to another column and back, and the focus stays on what moves it", async () => {
      const { page } = await arriveAs("Ada Lovelace");
      const title = await titles(page, "To do").nth(3).textContent();
      await page.getByRole("button", { name: `Move ${title}`, exact: true }).focus();
      await page.keyboard.press("Enter");
      for (const [step, at] of [
        ["Up", "todo 2"],
        ["Up", "todo 1"],
        ["Doing", "doing 0"],
        ["To do", "todo 0"],
      ]) {
        await moves(page, title).getByText(step, { exact: true }).focus();
        await page.keyboard.press("Enter");
        await page.waitForFunction(
          ([text, place]) => {
            const [status, index] = place.split(" ");
            const shown = document.querySelectorAll(`.column-${status} .card-title`);
            return shown[index].textContent === text;
          },
          [title, at],
        );
        await settled(page);
        assert.equal(await page.evaluate(() => document.activeElement.textContent), step);
      }
    });

    test("whoever types keeps the text, the caret and the focus while another window changes the same part", async () => {
      const { pages } = await arriveAs("Ada Lovelace", "/projects/1/", 2);
      const [one, other] = pages;
      const field = adding(one, "todo");
      await field.focus();
      await one.keyboard.type("Water the lants");
      for (let step = 0; step < 5; step++) await one.keyboard.press("ArrowLeft");

      const title = await titleOf(other, "To do", "Grace Hopper");
      await move(other, title, "Done");
      await titles(one, "Done").getByText(title, { exact: true }).waitFor();
      await one.keyboard.type("p");
      assert.equal(await field.inputValue(), "Water the plants");
      await one.keyboard.press("Enter");
      for (const page of pages) {
        await titles(page, "To do").last().getByText("Water the plants").waitFor();
      }
      assert.equal(await field.inputValue(), "");
      await one.waitForFunction(() => document.activeElement.id === "add-todo-title");
    });

    test("an open menu stays open, and what was scrolled stays there, while another window changes the board", async () => {
      const { visitor, page } = await arriveAs("Ada Lovelace");
      await page.setViewportSize({ width: 390, height: 844 });
      const scrolled = () =>
        page.evaluate(() => [document.querySelector(".columns").scrollLeft, scrollY]);
      await page.evaluate(() => {
        document.querySelector(".columns").scrollLeft = 200;
        scrollTo(0, 700);
      });
      const title = await titles(page, "Doing").nth(3).textContent();
      await page.getByRole("button", { name: `Move ${title}`, exact: true }).click();
      const before = await scrolled();
      assert.ok(before.every((pixels) => pixels > 100));

      const other = await visitor.window("/projects/1/");
      const moving = await titles(other, "Doing").last().textContent();
      await move(other, moving, "To do");
      await titles(page, "To do").first().getByText(moving).waitFor();
      await settled(page);
      assert.ok(await moves(page, title).isVisible());
      assert.deepEqual(await scrolled(), before);
    });

    test("a task that says too little comes back with what is wrong, and nothing is asked for again", async () => {
      const { visitor, page } = await arriveAs("Ada Lovelace");
      visitor.expectStatus(422);
      const requests = board.mark();
      await adding(page, "doing").fill("x");
      await adding(page, "doing").press("Enter");
      await page.getByRole("alert").getByText("Say in a few words").waitFor();
      assert.equal(await adding(page, "doing").inputValue(), "x");
      await settled(page);
      assert.deepEqual(requests(), ["POST /projects/1/tasks/ 422"]);
    });

    test("what is refused is said, and the board stays as it is", async () => {
      const { visitor, page } = await arriveAs("Ada Lovelace");
      visitor.expectStatus(422);
      const title = await titleOf(page, "To do", "Nobody");
      const requests = board.mark();
      await move(page, title, "Doing");
      await page.getByRole("status").getByText("choose an assignee first").waitFor();
      await settled(page);
      assert.equal(requests().length, 1);
    });

    test("a form that ends in a redirect: its page comes once, and the other window follows", async () => {
      const { pages } = await arriveAs("Ada Lovelace", "/projects/1/", 2);
      const [one] = pages;
      await one.getByRole("link", { name: "New task" }).click();
      await one.getByLabel("Title").fill("Water the plants");
      await one.getByLabel("Assignee").selectOption({ label: "Alan Turing" });
      const requests = board.mark();
      await one.getByRole("button", { name: "Create task" }).click();
      await one.waitForURL("**/projects/1/");
      for (const page of pages) {
        await titles(page, "To do").last().getByText("Water the plants").waitFor();
        await settled(page);
      }
      assert.deepEqual(requests(), [
        "GET /projects/1/ 200",
        BOARD,
        SIDEBAR,
        "POST /tasks/new/?project=1 302",
      ]);
    });

    test("a boosted form that ends in a redirect brings its own part, and the others follow in both windows", async () => {
      const { visitor, page } = await arriveAs("Ada Lovelace", "/people/1/");
      const other = await visitor.window("/projects/1/");
      await settled(other);
      await page.getByRole("main").getByRole("link", { name: "Edit profile" }).click();
      await page.waitForURL("**/profile/");
      await page.waitForFunction(() => document.activeElement.name === "name");
      await page.getByLabel("Name").fill("Ada King");
      const requests = board.mark();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("heading", { name: "Ada King" }).waitFor();
      await page.waitForURL("**/people/1/");
      for (const each of [page, other]) {
        await each.getByRole("banner").getByText("Ada King").waitFor();
        await team(each).getByText("Ada King").waitFor();
        await settled(each);
      }
      assert.equal(await cards(other, "To do").getByText("Ada Lovelace").count(), 0);
      // The notifications stand in the corner of the header, which brings them.
      assert.deepEqual(requests(), [
        ...Array(2).fill("GET /account/ 200"),
        "GET /people/1/ 200",
        "GET /people/1/tasks/ 200",
        BOARD,
        "GET /sidebar/?at=/people/1/ 200",
        SIDEBAR,
        "POST /profile/ 303",
      ]);
    });

    test("a profile that is wrong comes back in its place, with the focus on what is wrong", async () => {
      const { visitor, page } = await arriveAs("Ada Lovelace", "/people/1/");
      visitor.expectStatus(422);
      await page.getByRole("main").getByRole("link", { name: "Edit profile" }).click();
      await page.getByLabel("Name").fill("grace hopper");
      await page.getByRole("button", { name: "Save" }).click();
      const field = page.getByRole("textbox", {
        name: "Name",
        description: /already has this name/,
      });
      assert.equal(await field.inputValue(), "grace hopper");
      await page.waitForFunction(() => document.activeElement.name === "name");
    });

    test("a task is opened, renamed and given to somebody, and what another window types at it stays", async () => {
      const { pages } = await arriveAs("Ada Lovelace", "/projects/1/", 2);
      const [one, other] = pages;
      const title = await titleOf(one, "To do", "Grace Hopper");
      for (const page of pages) await openTask(page, title);
      const typing = panel(other).getByLabel("Title");
      await typing.fill("What I would rather");

      await panel(one).getByLabel("Assignee").selectOption({ label: "Alan Turing" });
      await one.getByRole("status").getByText("Assigned.").waitFor();
      await other.waitForFunction(
        () => document.querySelector("#assignee").selectedOptions[0].text === "Alan Turing",
      );
      await panel(one).getByLabel("Title").fill("Something else");
      await panel(one).getByRole("button", { name: "Rename" }).click();
      for (const page of pages) {
        await panel(page).getByRole("heading", { name: "Something else" }).waitFor();
        await titles(page, "To do").getByText("Something else").waitFor();
      }
      assert.equal(await typing.inputValue(), "What I would rather");
      assert.equal(await other.evaluate(() => document.activeElement.id), "task-title");
      const row = cards(other, "To do").filter({ hasText: "Something else" });
      await row.getByText("Alan Turing").waitFor();
    });

    test("a deleted task leaves the board, and a window where it is open says so", async () => {
      const { pages } = await arriveAs("Ada Lovelace", "/projects/1/", 2);
      const [one, other] = pages;
      const title = await titles(one, "To do").first().textContent();
      for (const page of pages) await openTask(page, title);
      one.on("dialog", (dialog) => dialog.accept());
      await panel(one).getByRole("button", { name: "Delete" }).click();
      await panel(one).waitFor({ state: "hidden" });
      await one.waitForURL("**/projects/1/");
      await one.getByRole("status").getByText(`Deleted: ${title}`).waitFor();
      await panel(other).getByText("This task is gone").waitFor();
      for (const page of pages) {
        await settled(page);
        assert.equal(await titles(page, "To do").getByText(title, { exact: true }).count(), 0);
      }
    });

    test("a comment reaches the window that shows twice as many, by one request that brings them all", async () => {
      const { pages } = await arriveAs("Ada Lovelace", "/projects/1/", 2);
      const [one, other] = pages;
      const title = await longThread(one);
      for (const page of pages) await openTask(page, title);
      assert.equal(await thread(other).count(), 20);
      await panel(other).getByRole("link", { name: "Older comments" }).click();
      await thread(other).nth(39).waitFor();
      await settled(other);

      const requests = board.mark();
      await panel(one).getByLabel("Your comment").fill("Seen from the other window?");
      await panel(one).getByRole("button", { name: "Comment" }).click();
      for (const page of pages)
        await thread(page).first().getByText("Seen from the other").waitFor();
      await one.getByRole("status").getByText("Comment added.").waitFor();
      assert.equal(await panel(one).getByLabel("Your comment").inputValue(), "");
      for (const page of pages) await settled(page);
      assert.equal(await thread(other).count(), 40);
      const id = new URL(one.url()).searchParams.get("task");
      assert.deepEqual(requests(), [
        ...Array(2).fill("GET /inbox/ 200"),
        ...Array(2).fill("GET /inbox/unread/ 200"),
        ...Array(2).fill(BOARD),
        `GET /tasks/${id}/comments/?comments=20 200`,
        `GET /tasks/${id}/comments/?comments=40 200`,
        `POST /tasks/${id}/comments/add/ 200`,
      ]);
    });

    test("a comment that the server fails at stays to be sent again", async () => {
      const { visitor, page } = await arriveAs("Ada Lovelace");
      visitor.expectStatus(500);
      await openTask(page, await titles(page, "To do").first().textContent());
      await panel(page).getByLabel("Your comment").fill("/fault");
      await panel(page).getByRole("button", { name: "Comment" }).click();
      await page.getByRole("status").getByText("The server failed.").waitFor();
      assert.equal(await panel(page).getByLabel("Your comment").inputValue(), "/fault");
      await panel(page).getByLabel("Your comment").fill("No fault.");
      await panel(page).getByRole("button", { name: "Comment" }).click();
      await thread(page).first().getByText("No fault.").waitFor();
    });

    test("what is read is read in every window, and the panel with it stays open", async () => {
      const { pages } = await arriveAs("Ada Lovelace", "/projects/1/", 2);
      const inbox = (page) => page.getByRole("region", { name: "Notifications" });
      for (const page of pages) await page.getByRole("button", { name: /^Notifications/ }).click();
      const requests = board.mark();
      await inbox(pages[0]).getByRole("button", { name: "Mark all read" }).click();
      await pages[0].getByRole("status").getByText("All notifications are read.").waitFor();
      for (const page of pages) {
        await page.getByRole("button", { name: "unread: 0" }).waitFor();
        await page.locator(".inbox-unread").first().waitFor({ state: "detached" });
        assert.ok(await inbox(page).isVisible());
        await settled(page);
      }
      assert.deepEqual(requests(), [
        ...Array(2).fill("GET /inbox/ 200"),
        ...Array(2).fill("GET /inbox/unread/ 200"),
        "POST /inbox/read/ 200",
      ]);
    });

    test("whoever logs out does so in every window, and the next person's forms work in all of them", async () => {
      const { pages } = await arriveAs("Ada Lovelace", "/projects/1/", 2);
      const [one, other] = pages;
      await one.getByRole("banner").getByRole("button", { name: "Ada Lovelace" }).click();
      await one.getByRole("button", { name: "Log out" }).click();
      await other.getByRole("button", { name: "Log in as Grace Hopper" }).waitFor();
      await other.getByText("You are looking on.").waitFor();
      assert.equal(await other.getByRole("button", { name: /^Move/ }).count(), 0);
      assert.equal(await other.getByRole("button", { name: /^Notifications/ }).count(), 0);

      const requests = board.mark();
      await logIn(one, "Grace Hopper");
      await other.getByRole("banner").getByText("Grace Hopper").waitFor();
      await other.getByRole("button", { name: /^Move/ }).first().waitFor();
      await settled(other);
      // One window comes anew, and the other asks for all of its parts.
      assert.deepEqual(requests(), [
        "GET /account/ 200",
        "GET /projects/1/ 200",
        BOARD,
        SIDEBAR,
        "POST /log-in/2/ 303",
      ]);
      const title = await titleOf(other, "To do", "Grace Hopper");
      await move(other, title, "Doing");
      await titles(one, "Doing").first().getByText(title).waitFor();
    });

    test("the board of one person follows as that of everybody does, and Back shows what is there now", async () => {
      const { visitor, page } = await arriveAs("Ada Lovelace");
      await page.getByLabel("Assignee").selectOption({ label: "Grace Hopper" });
      await page.waitForURL("**/projects/1/?assignee=2");
      await page.waitForFunction(() =>
        [...document.querySelectorAll(".card-person")].every((card) =>
          card.innerText.includes("Grace"),
        ),
      );
      await settled(page);
      const title = await titles(page, "To do").first().textContent();
      const other = await visitor.window("/projects/1/");
      await settled(other);
      const requests = board.mark();
      await move(other, title, "Done");
      await titles(page, "Done").first().getByText(title).waitFor();
      await settled(page);
      assert.equal(
        requests().filter((line) => line === "GET /projects/1/board/?assignee=2 200").length,
        1,
      );

      await page.goBack();
      await cards(page, "To do").filter({ hasNotText: "Grace Hopper" }).first().waitFor();
      await titles(page, "Done").first().getByText(title).waitFor();
      assert.equal(new URL(page.url()).search, "");
    });

    test("an open task is an address: Back closes it, Forward opens it, a new window has it", async () => {
      const { visitor, page } = await arriveAs("Ada Lovelace");
      const title = await titles(page, "To do").first().textContent();
      await openTask(page, title);
      const url = page.url();
      await page.goBack();
      await panel(page).waitFor({ state: "hidden" });
      await page.goForward();
      await panel(page).getByRole("heading", { name: title }).waitFor();
      const other = await visitor.window(url);
      await panel(other).getByRole("heading", { name: title }).waitFor();
      await panel(other).getByRole("link", { name: "Close" }).click();
      await other.waitForURL("**/projects/1/");
    });

    test("without JavaScript every form works and ends on a page", async () => {
      const visitor = await board.arrive({ javaScriptEnabled: false });
      visitor.tolerateStatus(422);
      const page = await visitor.window("/projects/1/");
      await page.getByRole("button", { name: "Log in as Ada Lovelace" }).click();
      await page.getByRole("status").getByText("Logged in as Ada Lovelace.").waitFor();
      const title = await titleOf(page, "To do", "Grace Hopper");
      await move(page, title, "Doing");
      await page.getByRole("status").getByText("Moved to Doing.").waitFor();
      assert.equal(await titles(page, "Doing").first().textContent(), title);

      await page.getByRole("link", { name: title, exact: true }).click();
      await panel(page).getByLabel("Assignee").selectOption({ label: "Alan Turing" });
      await panel(page).getByRole("button", { name: "Assign" }).click();
      await page.getByRole("status").getByText("Assigned.").waitFor();
      await panel(page).getByRole("button", { name: "Comment" }).click();
      await panel(page).getByRole("alert").getByText("This field is required.").waitFor();
      await panel(page).getByLabel("Your comment").fill("By hand.");
      await panel(page).getByRole("button", { name: "Comment" }).click();
      await thread(page).getByText("By hand.").waitFor();
      await panel(page).getByRole("button", { name: "Delete" }).click();
      await page.getByRole("status").getByText(`Deleted: ${title}`).waitFor();

      await page.getByLabel("Assignee").selectOption({ label: "Alan Turing" });
      await page.getByRole("button", { name: "Show" }).click();
      await page.waitForURL("**/projects/1/?assignee=3");
      await adding(page, "todo").fill("x");
      await adding(page, "todo").press("Enter");
      await page.getByText("Say in a few words").waitFor();
      await page.getByLabel("Title").fill("Water the plants");
      await page.getByRole("button", { name: "Create task" }).click();
      await titles(page, "To do").last().getByText("Water the plants").waitFor();
    });
  });
}
