/** `npm run countries`: writes the list of the countries from the files in `src/domain/countries`. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../src/domain/countries", import.meta.url));
const FILE = /^[a-z]{2}\.ts$/;

/** The list as it has to stand in `index.ts`: those that are there keep their place, by which a local world gives out ports. */
export function listOf(files: readonly string[], present: string): string {
  const places = [...present.matchAll(/from "\.\/(\w\w)\.ts"/g)].map(([, code = ""]) => code);
  const placeOf = (code: string) => (places.includes(code) ? places.indexOf(code) : places.length);
  const codes = files
    .filter((file) => FILE.test(file))
    .map((file) => file.slice(0, 2))
    .sort((a, b) => placeOf(a) - placeOf(b) || a.localeCompare(b));
  const imports = codes.map((code) => `import { ${code.toUpperCase()} } from "./${code}.ts";`);
  const names = codes.map((code) => code.toUpperCase()).join(", ");
  const head =
    "// Written by `npm run countries` from the files beside it. In the order in which they came.\n// biome-ignore assist/source/organizeImports: the order is the countries'";
  return `${head}\n${imports.join("\n")}\n\nexport const FILES = { ${names} } as const;\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const list = listOf(readdirSync(FOLDER), readFileSync(`${FOLDER}/index.ts`, "utf8"));
  writeFileSync(`${FOLDER}/index.ts`, list);
  console.log(list.trim().split("\n").at(-1));
}
