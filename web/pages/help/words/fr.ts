import type en from "./en.ts";

export default {
  title: "Aide",
  lead: "À quoi sert chaque page, et les dix choses que l’on fait.",
  search_hint: "un mot, comme reçu ou compteur",
  here: "La page d’où vous venez",
  tasks: "Ce que l’on fait",
  pages: "Toutes les pages",
  go: "Y aller",
  takes: "Il faut la permission {permission}, que vos rôles n’ont pas.",
  nothing: "Rien à ce sujet",
  nothing_hint: "Essayez un autre mot.",
  do_balance: "Pourquoi ce compte a-t-il ce solde ?",
  how_balance:
    "Trouvez le client par nom, téléphone ou compte et ouvrez le compte. « Expliquer ce solde » montre chaque écriture : le SMS d’où elle vient, le tarif, les relevés, et sa suite chez le fournisseur.",
  do_payment: "Quelqu’un a payé et n’a pas de lumière",
  how_payment:
    "Tapez le reçu dans la case du tableau de bord. Le paiement dit qui le détient : un compte (voyez alors son relais et ses ordres), l’attente (attribuez-le), ou personne (il ne nous est pas parvenu : voyez les téléphones).",
  do_suspense: "Donner l’argent en attente au bon compte",
  how_suspense:
    "Ouvrez En attente, lisez le texte et les indices, puis attribuez, partagez ou déplacez. Si quelqu’un a été plus rapide, vous apprenez qui détient l’argent. Une erreur s’annule aussitôt ou se déplace plus tard.",
  do_register: "Enregistrer un client",
  how_register:
    "Nouveau client : personne, lieu, service. Ce que vous tapez est gardé sur cet appareil jusqu’à l’envoi. À la fin le numéro de compte s’affiche : notez-le. Plusieurs à la fois : Import en masse, qui montre les fautes de chaque ligne avant de rien créer.",
  do_assign: "Mettre un compte en service",
  how_assign:
    "Mise en service montre qui attend quelle étape. Attribuez le compteur, prenez la signature, et le contrat part au client par SMS, en lien.",
  do_dark: "Allumer ou couper à la main",
  how_dark:
    "Sur le compte ou sous Compteurs : allumez ou coupez avec une raison. Un forçage garde la lumière allumée ou coupée jusqu’à l’heure choisie ; la règle du système revient seule.",
  do_swap: "Échanger un compteur",
  how_swap:
    "Sur la page du client : tapez ce qu’affiche l’ancien, puis le numéro et le relevé du nouveau. Rien n’est perdu ni compté deux fois.",
  do_correction: "Corriger un solde",
  how_correction:
    "Corrections : énergie ou argent, avec une raison et un document. Au-delà de votre limite, une seconde personne approuve. Les écritures ne changent jamais : une correction s’y ajoute.",
  do_statement: "Comparer avec le relevé de l’opérateur",
  how_statement:
    "Relevés : déposez le fichier. Chaque jour d’une caisse dit s’il concorde ; une différence nomme les reçus qui manquent d’un côté.",
  do_revert: "Annuler ce que quelqu’un a changé",
  how_revert:
    "Changements : trouvez l’acte par qui, quoi ou quel compte, voyez l’avant et l’après, et annulez avec une raison. L’argent ne s’annule pas là : il se déplace.",
  is_dashboard:
    "Le jour d’un coup d’œil : argent, énergie, qui a la lumière, ce qui attend quelqu’un, et la case qui trouve tout.",
  is_customers: "Tout le monde, trouvé pendant la frappe par nom, téléphone, parcelle ou compte.",
  is_register: "Un nouveau client avec un compte, pas à pas ; ce que vous tapez est gardé.",
  is_customer: "Un client : qui, où, comptes, compteurs, contrats ; modifié sur place.",
  is_registrations: "Un fichier de nouveaux clients : vérifié ligne à ligne avant de rien créer, et annulé en entier.",
  is_merges: "Des clients qui sont peut-être la même personne : trancher, réunir, annuler.",
  is_commissioning: "Qui attend quelle étape vers la lumière.",
  is_account: "Un compte : ce qui reste, paiements, usage, compteurs, lumière, SMS.",
  is_explain: "Chaque ligne derrière un solde, jusqu’au SMS et au relevé.",
  is_payments: "Tous les paiements, par jour, reçu ou détenteur.",
  is_receipt: "Un reçu : qui le détient, comment il est venu, ce qu’il est devenu.",
  "is_record-payment": "Un paiement qu’aucun téléphone n’a apporté : espèces, ou reçu en main.",
  is_suspense: "L’argent qui attend quelqu’un, avec son âge et des indices.",
  is_corrections: "Les ordres de corriger un solde, leurs limites et la seconde main.",
  is_statements: "Les relevés des opérateurs contre nos livres, jour par jour.",
  is_sms: "Chaque SMS reçu et envoyé, et comment il a été lu.",
  is_tills: "Téléphones passerelles, caisses, clés, plafonds et chaînes.",
  is_cases: "Ce que le système a trouvé étrange et laissé à une personne, avec son sens.",
  "is_vendor-credits": "Les paiements en route vers le portefeuille du fournisseur.",
  is_wallets: "Notre solde à côté du portefeuille du fournisseur, et pourquoi ils diffèrent.",
  is_meters: "Chaque compteur : où il est, quand il a été entendu, sa lumière, son rôle.",
  "is_check-meters": "Deux compteurs à un compte, comparés.",
  is_tariffs: "Ce que coûte un kWh, depuis quand, et ce que ferait un changement.",
  is_figures: "N'importe quel chiffre des rapports, par durée et par groupe.",
  is_growth: "Clients par site et par trimestre, chacun compté une fois : enregistrés, raccordés, nouveaux, résiliés.",
  is_funnel: "Jusqu’où les clients sont venus sur le chemin de la lumière, et où en est chacun avec les frais.",
  is_coverage: "De quelle part du temps les compteurs ont dit quelque chose ; sites et compteurs en défaut.",
  is_reports: "Énergie, argent et comptes par trimestre, mois et jour, chaque chiffre avec sa définition.",
  is_frozen:
    "Des rapports gardés tels qu'ils étaient, avec leur empreinte ; mis en fichiers, et recalculés pour comparer.",
  is_tenure: "Ce que consomment les comptes selon leur ancienneté en mois.",
  is_load:
    "Ce que consomment les comptes par heure du jour, par jour et sur l’année ; fichiers pour la conception des réseaux.",
  is_gaps: "Site par jour : où l’énergie manque.",
  is_imports: "Ce qui a été demandé aux fournisseurs, et ce qui est venu.",
  is_operations: "Pour qui le fait tourner : flux, files, tâches, disjoncteurs, messages abandonnés.",
  is_tables: "Tout tel qu’enregistré, table par table.",
  is_exports: "Toute table en CSV ou XLSX.",
  is_changes: "Qui a fait quoi, avant et après, et l’annuler.",
  is_staff: "Qui travaille ici, ce que chacun peut, invitations et sessions.",
  is_settings: "Les règles du pays et les textes des SMS.",
  is_profile: "Votre mot de passe, vos rôles et vos sessions.",
} satisfies Record<keyof typeof en, string>;
