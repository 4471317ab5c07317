import { api, ask } from "../../api.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { toast } from "../../parts/toast.tsx";
import { TroubleBox, troubleWords } from "../../parts/trouble.tsx";
import { when } from "../../say.ts";
import { may } from "../../session.ts";
import { useAsk } from "../../use-ask.ts";
import { said } from "../../words.ts";
import { canonical, type Said, saidOf } from "./model.ts";
import { t } from "./words.ts";

type Props = { id: number; onClose(): void; onChanged(): void };

/** One text: what was read of it then, what the parser of today would say, and how far it was passed on. */
export function OneSms({ id, onClose, onChanged }: Props) {
  const param = { id: String(id) };
  const { value, trouble, again } = useAsk(() => ask(api().sms.in[":id{[0-9]+}"].$get({ param })), [id]);
  const isSame = value !== null && canonical(value.sms.parsed) === canonical(value.says);
  const replay = async () => {
    const answer = await ask(api().sms.in[":id{[0-9]+}"].replay.$post({ param }));
    if (!answer.ok) return toast(troubleWords(answer.trouble), { tone: "bad" });
    toast(t("replayed"));
    onChanged();
    again();
  };
  const send = async (phoneId: string, forwardId: number) => {
    const answer = await ask(
      api().forwards[":phoneId"][":forwardId"].send.$post({ param: { phoneId, forwardId: String(forwardId) } }),
    );
    toast(answer.ok ? t("sent_again") : troubleWords(answer.trouble), { tone: answer.ok ? "good" : "bad" });
    again();
  };
  return (
    <Dialog title={t("one")} onClose={onClose}>
      {trouble !== null && <TroubleBox trouble={trouble} again={again} />}
      {value !== null && (
        <>
          <blockquote class="sms-text">{value.sms.content}</blockquote>
          <p class="quiet">
            {value.sms.sender} · {value.sms.phoneName} · {when(value.sms.receivedAt)}
          </p>
          <p class="row">
            {value.forward === null ? (
              <Badge>{t("not_forwarded")}</Badge>
            ) : (
              <Badge tone={value.forward.state === "confirmed" ? "good" : "warn"}>
                {t(`forward_${value.forward.state}`, { at: when(value.forward.changedAt) })}
              </Badge>
            )}
            {value.forward?.state === "parked" && may("operations.act") && (
              <Button onClick={() => send(value.sms.phoneId, value.forward?.forwardId ?? 0)}>{t("send_again")}</Button>
            )}
          </p>
          {value.waits !== null && (
            <p class="row">
              <Badge tone={value.waits.tries > 0 ? "warn" : "quiet"}>{t("outcome_unread")}</Badge>
              {value.waits.because !== null && (
                <span>
                  {said("sms", "later", value.waits.because)}.{" "}
                  {t("tried", { tries: value.waits.tries, at: when(value.waits.nextAt) })}
                </span>
              )}
            </p>
          )}
          <h3>{t("read_then", { version: value.sms.parserVersion ?? "–" })}</h3>
          <Fields said={saidOf(value.sms.parsed)} />
          <h3>{t("today", { version: value.parserVersion })}</h3>
          {isSame ? <p class="good">{t("same")}</p> : <Fields said={saidOf(value.says)} />}
          {may("money.write") && (
            <div class="row end">
              <Button kind={isSame ? "plain" : "primary"} onClick={replay}>
                {t("replay")}
              </Button>
            </div>
          )}
        </>
      )}
    </Dialog>
  );
}

const Fields = ({ said }: { said: Said[] }) =>
  said.length === 0 ? (
    <p class="quiet">–</p>
  ) : (
    <dl class="facts">
      {said.map(({ name, value }) => (
        <>
          <dt key={name}>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
