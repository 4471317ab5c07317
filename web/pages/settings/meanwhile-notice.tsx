import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

type Props = { says: string; children: ComponentChildren };

/** What somebody else set meanwhile. It comes into sight by itself: nobody presses the button again without having seen it. */
export function MeanwhileNotice({ says, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.scrollIntoView({ block: "center" }), [says]);
  return (
    <div class="notice" role="alert" ref={box}>
      <p>{says}</p>
      {children}
    </div>
  );
}
