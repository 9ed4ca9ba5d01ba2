// The page at /docs as a browser shows it, under its own policy: read, and tried.
import { findChromium, NO_CHROMIUM, openBrowser } from "@waitlist/letters/browser";
import { eventually } from "@waitlist/testing";
import { afterEach, beforeEach, expect, it, type TestContext } from "vitest";
import { createWorld, definitionWith, LIST, type World } from "./support.ts";

type Browser = Awaited<ReturnType<typeof openBrowser>>;

let world: World;
let browser: Browser | undefined;
beforeEach(async () => {
  world = await createWorld();
  world.list(LIST, definitionWith({ name: "Shown in the browser" }));
});
afterEach(async () => {
  await browser?.close();
  browser = undefined;
  await world.close();
});

/** Where there is none, the test says which package to install; in CI, which installs it, that is a failure. */
function skipWithoutBrowser(context: TestContext): void {
  if (!process.env.CI && findChromium(process.env) === null) context.skip(NO_CHROMIUM);
}

/** The page, and all that went wrong in it so far: errors, what its policy refused, what it couldn't load. */
async function openPage(path: string) {
  browser = await openBrowser(process.env);
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warn"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
  await page.exposeFunction("refusedByPolicy", (what: string) => complaints.push(`refused: ${what}`));
  await page.evaluateOnNewDocument(
    'addEventListener("securitypolicyviolation", (event) => refusedByPolicy(event.violatedDirective))',
  );
  const address = await world.app.listen({ port: 0, host: "127.0.0.1" });
  await page.goto(`${address}${path}`, { waitUntil: "networkidle0" });
  return { page, complaints };
}

it("draws every operation, lets a call be tried, and nothing is refused or goes wrong", async (context) => {
  skipWithoutBrowser(context);
  const { paths } = (await world.app.inject("/openapi.json")).json<{ paths: Record<string, object> }>();
  const operations = Object.values(paths).reduce((sum, calls) => sum + Object.keys(calls).length, 0);
  const { page, complaints } = await openPage("/docs");
  await page.waitForSelector(".opblock");
  await eventually(async () => expect(await page.$$(".opblock")).toHaveLength(operations));

  const path = "/v1/waitlists/{waitlistId}";
  const block = `.opblock-get:has([data-path="${path}"])`;
  await page.click(`${block} .opblock-summary-control`);
  await page.waitForSelector(`${block} .try-out__btn`);
  await page.click(`${block} .try-out__btn`);
  await page.waitForSelector(`${block} .execute`);
  await page.click(`${block} .execute`);
  const answer = `${block} .live-responses-table .response`;
  await page.waitForSelector(answer);
  const shown = await page.$eval(answer, (row) => String(Reflect.get(row, "textContent")));
  expect(shown).toMatch(/^200/);
  expect(shown).toContain("Shown in the browser");
  expect(complaints).toEqual([]);
});

it("would be caught: what the policy doesn't allow is complained of", async (context) => {
  skipWithoutBrowser(context);
  const { page, complaints } = await openPage("/docs");
  await page.evaluate(
    'document.body.insertAdjacentHTML("beforeend", "<p style=\\"color: red\\">inline</p>")',
  );
  await eventually(() => expect(complaints.join()).toContain("refused: style-src"));
});
