import type en from "./en.ts";

export default {
  email: "E-mail",
  password: "Mot de passe",
  wrong: "Ce n’est pas juste. Vérifiez l’e-mail et le mot de passe.",
  wrong_code: "Ce nombre n’est pas juste, ou a déjà servi. Attendez le suivant.",
  second: "Second facteur",
  second_hint: "Les six chiffres que votre authentificateur montre maintenant.",
  code: "Nombre",
  recovery: "Je n’ai pas de téléphone : utiliser un code papier",
  recovery_code: "Code papier",
  use_authenticator: "Utiliser l’authentificateur",
  go_on: "Continuer",
  signed_in_as: "Vous êtes {name}.",
  customer_door: "Vous êtes client ? Votre solde est ici.",
  enrol: "Protégez votre accès",
  enrol_hint:
    "Vos rôles touchent à l’argent ou à ce que d’autres voient. Ouvrez une application d’authentification et prenez cette image.",
  enrol_by_hand: "Ou saisissez cette clé :",
  enrol_confirm: "Puis saisissez les six chiffres qu’elle montre.",
  codes: "Dix codes sur papier",
  codes_hint:
    "Chacun ouvre une fois quand vous n’avez pas de téléphone. Ils ne sont montrés que maintenant : imprimez-les ou notez-les.",
  codes_kept: "Je les ai sur papier",
  invited: "Bienvenue",
  invited_hint: "Choisissez un mot de passe d’au moins dix caractères. Personne d’autre ne le connaît.",
  new_password: "Nouveau mot de passe",
  invitation_wrong: "Ce lien a servi ou est trop ancien. Demandez-en un autre.",
  demo: "Un monde de démonstration : entrer comme",
} satisfies Record<keyof typeof en, string>;
