import { StatusPage } from "./pages/status/page.tsx";

/** One screen so far: what is happening now. */
export const App = () => <StatusPage />;
