import { signal } from "@preact/signals";

/** The folder of the page that was open last, help itself left out: help opens at it. */
export const lastPage = signal("");
