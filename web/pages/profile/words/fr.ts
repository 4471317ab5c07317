import type en from "./en.ts";

export default {
  title: "Mon profil",
  roles: "Ce que je peux faire",
  permissions: "{n} permissions",
  password: "Mot de passe",
  old: "Mot de passe actuel",
  new: "Nouveau mot de passe",
  wrong: "Le mot de passe actuel n’est pas juste.",
  change: "Le changer",
  changed: "Changé. Les autres navigateurs ont été déconnectés.",
  sessions: "Où je suis connecté",
  browser: "Navigateur",
  last: "Vu",
  this: "Session",
  here: "celle-ci",
  end: "La fermer",
  end_ask: "Déconnecter ce navigateur ?",
  ended: "Déconnecté là-bas",
  none: "Nulle part ailleurs",
} satisfies Record<keyof typeof en, string>;
