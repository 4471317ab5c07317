import type { Figure } from "./figure.ts";
import { colorOf } from "./options.ts";
import type { Theme } from "./theme.ts";

const MARGIN = 16;
const HEAD = 52;
const FOOT = 28;

/** The drawing with its title, its series and where it comes from, as one picture: it explains itself wherever it is sent. */
export function pictureOf(drawn: HTMLCanvasElement, figure: Figure, theme: Theme, foot: string): Promise<Blob | null> {
  const ratio = devicePixelRatio;
  const canvas = document.createElement("canvas");
  canvas.width = drawn.width + 2 * MARGIN * ratio;
  canvas.height = drawn.height + (HEAD + FOOT + MARGIN) * ratio;
  const pen = canvas.getContext("2d");
  if (pen === null) return Promise.resolve(null);
  pen.fillStyle = theme.panel;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(drawn, MARGIN * ratio, HEAD * ratio);
  pen.scale(ratio, ratio);
  pen.textBaseline = "top";
  pen.fillStyle = theme.ink;
  pen.font = `600 16px ${theme.font}`;
  pen.fillText(figure.title, MARGIN, MARGIN);
  pen.font = `12px ${theme.font}`;
  let x = MARGIN;
  for (const [nth, { name }] of figure.series.entries()) {
    pen.fillStyle = colorOf(theme, nth);
    pen.fillRect(x, MARGIN + 24, 10, 10);
    pen.fillStyle = theme.quiet;
    pen.fillText(name, x + 15, MARGIN + 23);
    x += 15 + pen.measureText(name).width + 16;
  }
  pen.fillStyle = theme.quiet;
  pen.fillText(foot, MARGIN, canvas.height / ratio - FOOT + 4);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

/** Gives a file to whoever asked for it. */
export function saveFile(content: Blob, name: string) {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
