/** How long the first waits for others: shorter than anybody notices, longer than a turn of a busy object. */
const WINDOW_MS = 3;

/** Those who join within a few milliseconds go on together, so that all they write is one commit. */
export class Together {
  #next: Promise<void> | null = null;

  join(): Promise<void> {
    this.#next ??= new Promise((resolve) => {
      setTimeout(() => {
        this.#next = null;
        resolve();
      }, WINDOW_MS);
    });
    return this.#next;
  }
}

type Waiting<Q, A> = { question: Q; resolve: (answer: A) => void; reject: (because: unknown) => void };

/** Questions to one target that are asked within a few milliseconds travel in one call. Answers come in their order. */
export class Gathered<Q, A> {
  readonly #ask: (target: string, questions: Q[]) => Promise<A[]>;
  readonly #max: number;
  readonly #waiting = new Map<string, Waiting<Q, A>[]>();

  /** `max`: questions of one call. */
  constructor(max: number, ask: (target: string, questions: Q[]) => Promise<A[]>) {
    this.#max = max;
    this.#ask = ask;
  }

  ask(target: string, question: Q): Promise<A> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(target);
      if (waiting === undefined) {
        this.#waiting.set(target, [{ question, resolve, reject }]);
        setTimeout(() => this.#send(target), WINDOW_MS);
        return;
      }
      waiting.push({ question, resolve, reject });
      if (waiting.length >= this.#max) this.#send(target);
    });
  }

  #send(target: string) {
    const waiting = this.#waiting.get(target) ?? [];
    this.#waiting.delete(target);
    if (waiting.length === 0) return;
    this.#ask(
      target,
      waiting.map(({ question }) => question),
    ).then(
      (answers) => {
        waiting.forEach(({ resolve, reject }, index) => {
          const answer = answers[index];
          if (answer === undefined) reject(new Error("a question was left without an answer"));
          else resolve(answer);
        });
      },
      (because: unknown) => {
        for (const { reject } of waiting) reject(because);
      },
    );
  }
}
