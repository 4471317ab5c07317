/** Lets the Worker's own files be loaded by Node: the one module that only workerd has is stood in for. Import this before them. */
import { registerHooks } from "node:module";

const STANDIN = "data:text/javascript,export class DurableObject{constructor(ctx,env){this.ctx=ctx;this.env=env}}";

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "cloudflare:workers" ? { url: STANDIN, shortCircuit: true } : next(specifier, context),
});
