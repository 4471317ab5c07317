import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Trouble } from "../../api.ts";
import { at } from "../../country.ts";
import { offers } from "../../offers.ts";
import { AsOf } from "../../parts/as-of.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Panel } from "../../parts/page.tsx";
import { TroubleBox } from "../../parts/trouble.tsx";
import { byWhom, when } from "../../say.ts";
import { may } from "../../session.ts";
import { wordsOf } from "../../words.ts";
import type en from "./words/en.ts";

const t = wordsOf<typeof en>("settings");

type Answered = { asOf: number; said: { by: string; at: number; reason: string | null } | null };

type Props<V> = {
  /** Its words begin so. */
  about: "kept" | "carrier";
  /** By which the record of changes knows it. */
  subject: "retention" | "sms_carrier";
  asked: { value: V | null; trouble: Trouble | null; again(): void };
  /** What else may be pressed by whoever may set it. */
  actions?(value: V): ComponentChildren;
  form(value: V, onDone: () => void): ComponentChildren;
  children(value: V): ComponentChildren;
};

/** A setting as it is, who said so, the way to its changes, and setting it for whoever may. */
export function SettingPanel<V extends Answered>({ about, subject, asked, actions, form, children }: Props<V>) {
  const { value, trouble, again } = asked;
  const [isOpen, setOpen] = useState(false);
  return (
    <Panel
      title={t(about)}
      actions={
        value !== null &&
        may("settings.write") && (
          <>
            {actions?.(value)}
            <Button onClick={() => setOpen(true)}>{t(`${about}_set`)}</Button>
          </>
        )
      }
      foot={
        <>
          <AsOf at={value?.asOf ?? null} source={t("carrier_source")} />{" "}
          {offers("/changes") && <a href={at(`/changes?about=setting:${subject}`)}>{t("carrier_changes")}</a>}
        </>
      }
    >
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value !== null && (
        <>
          {children(value)}
          <p class="quiet">{whoSaid(value)}</p>
        </>
      )}
      {isOpen && value !== null && (
        <Dialog title={t(`${about}_set`)} onClose={() => setOpen(false)}>
          {form(value, () => {
            setOpen(false);
            again();
          })}
        </Dialog>
      )}
    </Panel>
  );
}

const whoSaid = ({ said }: Answered): string =>
  said === null
    ? t("carrier_unset")
    : t("carrier_said", { who: byWhom(said.by), at: when(said.at), reason: said.reason ?? "–" });
