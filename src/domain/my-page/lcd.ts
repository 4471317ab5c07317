/** Which of the seven segments each sign lights: top, right above, right below, bottom, left below, left above, middle. */
const LIT: Record<string, string> = {
  "0": "abcdef",
  "1": "bc",
  "2": "abged",
  "3": "abgcd",
  "4": "fgbc",
  "5": "afgcd",
  "6": "afgedc",
  "7": "abc",
  "8": "abcdefg",
  "9": "abcdfg",
  "-": "g",
  " ": "",
};

const LYING = (x: number, y: number) => `M${x} ${y}l1-1h6l1 1-1 1h-6z`;
const STANDING = (x: number, y: number) => `M${x} ${y}l1 1v6l-1 1-1-1v-6z`;
const SEGMENTS: Record<string, (x: number) => string> = {
  a: (x) => LYING(x + 1, 1),
  b: (x) => STANDING(x + 9.6, 1.6),
  c: (x) => STANDING(x + 9.6, 10.4),
  d: (x) => LYING(x + 1, 19),
  e: (x) => STANDING(x + 0.4, 10.4),
  f: (x) => STANDING(x + 0.4, 1.6),
  g: (x) => LYING(x + 1, 10),
};
const DIGIT_WIDTH = 13;
const POINT_WIDTH = 2.4;
export const LCD_HEIGHT = 20;
/** Signs of a window at least, so that it looks the same with little and with much. */
const SIGNS_MIN = 5;

/** A number as a meter's window shows it: what is lit, and what is not, each as the path of a drawing; and how wide it is. */
export function lcdPaths(digits: string): { lit: string; dark: string; width: number } {
  const blanks = Math.max(0, SIGNS_MIN - digits.replace(".", "").length);
  const [lit, dark]: [string[], string[]] = [[], []];
  let x = 0.6;
  for (const sign of " ".repeat(blanks) + digits) {
    if (sign === ".") {
      lit.push(`M${(x - 1.8).toFixed(1)} 18h2v2h-2z`);
      x += POINT_WIDTH;
      continue;
    }
    for (const [name, draw] of Object.entries(SEGMENTS))
      (LIT[sign]?.includes(name) ? lit : dark).push(draw(Number(x.toFixed(1))));
    x += DIGIT_WIDTH;
  }
  return { lit: lit.join(""), dark: dark.join(""), width: Math.ceil(x) };
}
