import type { Page } from "playwright-core";

/** Gives the reason that a dialog asks for, and presses its button. */
export async function say(page: Page, yes: string) {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("as agreed with them");
  await dialog.getByRole("button", { name: yes }).click();
}
