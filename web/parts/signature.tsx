import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../shell/words.ts";
import { Button } from "./button.tsx";
import "./signature.css";

const HEIGHT = 170;
const LINE = 2.2;
/** Finer than that no hand writes. */
const RATIO_MAX = 2;
/** A photograph of a signature is brought down to this, in points a side. */
const PHOTO_SIDE_MAX = 1_200;

type Props = {
  label: string;
  error?: string | undefined;
  /** The picture as base64, as soon as something stands there; null: nothing does. */
  onChange(picture: string | null): void;
};

/** A field to sign in with a finger, a pen or the mouse; or a photograph of a signature, for who signs on paper. */
export function Signature({ label, error, onChange }: Props) {
  const box = useRef<HTMLCanvasElement>(null);
  const last = useRef<{ x: number; y: number } | null>(null);
  const id = useId();
  const clear = () => {
    const canvas = box.current;
    const pen = canvas?.getContext("2d");
    if (canvas == null || pen == null) return;
    const ratio = Math.min(devicePixelRatio, RATIO_MAX);
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(HEIGHT * ratio);
    pen.scale(ratio, ratio);
    // On paper in every theme: it goes into the contract as it is.
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, canvas.clientWidth, HEIGHT);
    pen.strokeStyle = "#101828";
    pen.lineWidth = LINE;
    pen.lineCap = "round";
    pen.lineJoin = "round";
    onChange(null);
  };
  // the field's size is known once it is there
  useEffect(clear, []);
  const at = (event: PointerEvent) => {
    const { left, top } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const draw = (event: PointerEvent) => {
    const pen = box.current?.getContext("2d");
    if (pen == null || last.current === null) return;
    const next = at(event);
    pen.beginPath();
    pen.moveTo(last.current.x, last.current.y);
    pen.lineTo(next.x, next.y);
    pen.stroke();
    last.current = next;
  };
  const end = () => {
    if (last.current === null) return;
    last.current = null;
    onChange(pictureOf(box.current));
  };
  return (
    <div class={`field signature ${error === undefined ? "" : "wrong"}`}>
      <span id={`${id}-name`}>{label}</span>
      <canvas
        ref={box}
        role="img"
        aria-labelledby={`${id}-name`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          last.current = at(event);
          draw(event);
        }}
        onPointerMove={draw}
        onPointerUp={end}
        onPointerCancel={end}
      />
      <small class={error === undefined ? "quiet" : "bad"}>
        {error === undefined ? t("sign_hint") : t("expected", { expected: error })}
      </small>
      <div class="row">
        <Button onClick={clear}>{t("sign_clear")}</Button>
        <label class="button">
          {t("sign_photo")}
          <input
            type="file"
            class="hidden"
            accept="image/png,image/jpeg"
            onChange={async (event) => {
              const file = event.currentTarget.files?.[0];
              if (file === undefined || !(await put(box.current, file))) return;
              onChange(pictureOf(box.current));
            }}
          />
        </label>
      </div>
    </div>
  );
}

const pictureOf = (canvas: HTMLCanvasElement | null) =>
  canvas === null ? null : canvas.toDataURL("image/png").replace(/^data:[^,]+,/, "");

/** Puts a photograph in place of what was drawn; false: it is no picture. */
async function put(canvas: HTMLCanvasElement | null, file: File): Promise<boolean> {
  const pen = canvas?.getContext("2d");
  const photo = await createImageBitmap(file).catch(() => null);
  if (canvas == null || pen == null || photo === null) return false;
  const scale = Math.min(1, PHOTO_SIDE_MAX / Math.max(photo.width, photo.height));
  canvas.width = Math.max(1, Math.round(photo.width * scale));
  canvas.height = Math.max(1, Math.round(photo.height * scale));
  pen.drawImage(photo, 0, 0, canvas.width, canvas.height);
  return true;
}
