import { useState } from "preact/hooks";
import { country } from "../../country.ts";
import { Button } from "../../parts/button.tsx";
import { readSession } from "../../session.ts";
import { t } from "./words.ts";

type DemoPerson = { email: string; name: string; roles: string[] };

const people = (): DemoPerson[] => {
  const meta = document.querySelector("meta[name=demo-people]")?.getAttribute("content");
  return meta == null ? [] : ((JSON.parse(meta) as Record<string, DemoPerson[]>)[country.value] ?? []);
};

/** In the local world alone, whose portal names its demo people: one press signs one of them in. */
export function DemoPeople() {
  const [busy, setBusy] = useState<string | null>(null);
  const known = people();
  if (known.length === 0) return null;
  return (
    <section class="demo">
      <h2>{t("demo")}</h2>
      <div class="row">
        {known.map(({ email, name, roles }) => (
          <Button
            key={email}
            title={name}
            busy={busy === email}
            onClick={async () => {
              setBusy(email);
              await fetch(`/${country.value}/demo/sign-in`, { method: "POST", body: JSON.stringify({ email }) });
              await readSession("anew");
              setBusy(null);
            }}
          >
            {roles.map((role) => role.replaceAll("_", " ")).join(", ")}
          </Button>
        ))}
      </div>
    </section>
  );
}
