import type { InferRequestType } from "hono/client";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { api, ask } from "../api.ts";
import { at } from "../country.ts";
import { Button } from "../parts/button.tsx";
import { confirmWithReason } from "../parts/dialog.tsx";
import { toast } from "../parts/toast.tsx";
import { troubleWords } from "../parts/trouble.tsx";
import { may } from "../session.ts";
import { t as shell } from "../shell/words.ts";

type Body = InferRequestType<ReturnType<typeof api>["reports"]["frozen"]["$post"]>["json"];
type Each<Of> = Of extends unknown ? Omit<Of, "reason"> : never;
/** A report and what is asked of it, as its page has it. */
export type ToFreeze = Each<Body>;

/** Keeps the report as it is now, and leads to it. Whoever may not is offered nothing. */
export function Freeze({ asked }: { asked: ToFreeze }) {
  const { route } = useLocation();
  const [isBusy, setBusy] = useState(false);
  if (!may("reports.freeze")) return null;
  const freeze = async () => {
    const reason = await confirmWithReason({
      title: shell("freeze_ask"),
      body: <p>{shell("freeze_body")}</p>,
      yes: shell("freeze"),
    });
    if (reason === null) return;
    setBusy(true);
    const answer = await ask(
      api().reports.frozen.$post(
        { json: { ...asked, reason } as Body },
        { headers: { "Idempotency-Key": crypto.randomUUID() } },
      ),
    );
    setBusy(false);
    if (!answer.ok) return toast(troubleWords(answer.trouble), { tone: "bad" });
    toast(shell(answer.value.status === "created" ? "froze" : "was_frozen"));
    route(at(`/frozen/${answer.value.frozen.frozenId}`));
  };
  return (
    <Button busy={isBusy} onClick={freeze}>
      {shell("freeze")}
    </Button>
  );
}
