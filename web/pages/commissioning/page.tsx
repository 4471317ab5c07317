import { useAddress } from "../../use-address.ts";
import { AccountWay } from "./account.tsx";
import { Pipeline } from "./pipeline.tsx";
import "./commissioning.css";

export default function CommissioningPage() {
  const [account] = useAddress("account");
  return account === "" ? <Pipeline /> : <AccountWay key={account} account={account} />;
}
