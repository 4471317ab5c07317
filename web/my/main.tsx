import { render } from "preact";
import { readPage } from "./data.ts";
import { Use } from "./use.tsx";
import { watch } from "./watch.ts";

const page = readPage();
if (page !== null) {
  watch(page);
  const charts = document.getElementById("charts");
  // What stands in the page comes first: charts and their figures wait until the page has been drawn.
  const draw = () => charts !== null && render(<Use page={page} />, charts);
  if (document.readyState === "complete") setTimeout(draw);
  else addEventListener("load", () => setTimeout(draw));
}

const print = document.getElementById("print");
if (print !== null) {
  print.hidden = false;
  print.addEventListener("click", () => globalThis.print());
}

// Of the page itself, not of a receipt: its address ends with the scope.
if ("serviceWorker" in navigator && /\/my$/.test(location.pathname))
  void navigator.serviceWorker.register("my/sw.js", { scope: "my" }).catch(() => undefined);
