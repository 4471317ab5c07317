import type { MetricWords } from "./keys.ts";

/** What each figure is called, and what it is; what reports and their figures are called, and what a document says around them. */
export default {
  name_paid: "Payé",
  means_paid:
    "Ce que les clients ont payé, moins ce que l'ancien système a repris. Compté au jour local du paiement, chez qui détient l'argent maintenant ; l'argent que personne ne détient encore et celui du trésor en font partie.",
  name_paid_electricity: "Payé pour l'électricité",
  means_paid_electricity:
    "Ce qui a été payé et que des comptes détiennent pour l'électricité : ni frais, ni argent non affecté.",
  name_paid_fees: "Payé en frais",
  means_paid_fees: "Frais de raccordement et de tableau qui ont été payés.",
  name_paid_unassigned: "Non affecté",
  means_paid_unassigned: "Ce qui a été payé et attend encore son compte.",
  name_paid_treasury: "Au trésor",
  means_paid_treasury: "Ce qui a été payé et mis de côté au trésor.",
  name_payments: "Paiements",
  means_payments: "Nombre de reçus. Un reçu partagé entre des comptes compte une fois, là où est sa première part.",
  name_vended: "Énergie vendue",
  means_vended:
    "Énergie créditée pour des paiements (kWh vendus), au jour du paiement. Sans les soldes d'ouverture ni les corrections. Ce n'est pas ce qui a été consommé.",
  name_metered: "Énergie consommée",
  means_metered:
    "Énergie comptée par les compteurs (kWh mesurés), par celui qui facture : un compteur de contrôle ne la double jamais. Les heures dont on ne sait rien ne sont dans aucune somme.",
  name_accounts_ever: "Comptes ayant déjà payé",
  means_accounts_ever:
    "Comptes distincts qui avaient payé au moins une fois à la fin de la période. Ce nombre ne baisse jamais ; un ancien paiement arrivé tard relève aussi les périodes d'avant.",
  name_accounts_paying: "Comptes ayant payé",
  means_accounts_paying: "Comptes distincts qui ont payé dans la période.",
  name_accounts_connected: "Comptes raccordés",
  means_accounts_connected:
    "Comptes raccordés un jour moyen de la période : de la mise en service (ou, si personne ne l'a notée, du premier jour d'usage ou de paiement) à la résiliation.",
  name_arpu_ever: "ARPU, comptes ayant déjà payé",
  means_arpu_ever:
    "Payé dans la période, par les comptes ayant déjà payé à sa fin. Argent par compte et par période. Le dénominateur convenu pour la continuité.",
  name_arpu_paying: "ARPU, comptes ayant payé",
  means_arpu_paying: "Payé dans la période, par les comptes qui y ont payé. Argent par compte et par période.",
  name_arpu_connected: "ARPU, comptes raccordés",
  means_arpu_connected:
    "Payé dans la période, par le nombre moyen de comptes raccordés. Argent par compte et par période.",
  name_vended_a_day: "Énergie vendue par compte et jour",
  means_vended_a_day: "Énergie vendue dans la période, par jours où des comptes étaient raccordés.",
  name_metered_a_day: "Énergie consommée par compte et jour",
  means_metered_a_day:
    "Énergie consommée dans les heures connues, pour 24 d'entre elles : les trous n'abaissent rien. Un compte qui n'a rien consommé compte pour 0.",
  name_paid_a_day: "Payé par compte et jour",
  means_paid_a_day: "Payé dans la période, par jours où des comptes étaient raccordés.",
  name_price: "Prix moyen du kWh",
  means_price: "Payé pour l'électricité, par énergie vendue.",
  name_coverage: "Heures connues",
  means_coverage: "Heures des comptes raccordés dont le compteur a dit quelque chose, par toutes leurs heures.",
  name_customers_registered: "Clients enregistrés",
  means_customers_registered:
    "Personnes et entreprises enregistrées ce jour-là, chacune une fois, quel que soit le nombre de ses comptes ou compteurs. Elles comptent au site de leur premier compte, ou là où elles habitent. Celles dont le jour d’enregistrement est inconnu sont comptées.",
  name_customers_connected: "Clients raccordés",
  means_customers_connected:
    "Clients qui ont la lumière ce jour-là : de la première lumière sur l’un de leurs comptes à la fin du dernier compte qui l’avait. Qui est enregistré et n’a jamais été raccordé ne l’est pas ; une résiliation plus tardive ne compte pas encore.",
  name_customers_new: "Nouveaux clients",
  means_customers_new: "Clients dont la première lumière tombe dans le trimestre.",
  name_customers_activation: "Taux d’activation",
  means_customers_activation: "Clients raccordés, par clients enregistrés, le même jour.",
  name_customers_growth: "Croissance des clients",
  means_customers_growth:
    "Clients par trimestre de leur première lumière, et leur somme. Un trimestre sans raccordement est là avec 0 ; ceux dont le dernier compte éclairé a pris fin sont montrés à part et retirés.",
  name_customers_undated: "Date inconnue",
  means_customers_undated:
    "Clients qui ont eu la lumière, sans que personne sache depuis quand. Ils sont dans chaque somme et dans aucun trimestre.",
  name_customers_funnel: "Entonnoir",
  means_customers_funnel:
    "Clients distincts qui ont une étape derrière eux sur l’un de leurs comptes, chacun une fois, quel que soit le nombre de comptes ou de compteurs. Qui n’a pas de compte compte comme enregistré. Un site garde ses clients sans compteur.",
  name_customers_drop_off: "Perte",
  means_customers_drop_off:
    "Part des clients de l’étape d’avant qui n’ont pas celle-ci. Les étapes sont notées une à une et ne sont pas un escalier : là où les anciens livres ignorent un frais, ou qu’une maison a sa propre installation, une étape plus tardive a plus de monde, et la perte est sous 0. Elle est montrée telle quelle.",
  name_customers_cohort: "Cohortes",
  means_customers_cohort:
    "Où en est chaque client, sur tous les comptes qui n’ont pas pris fin : combien des frais de raccordement et de readyboard est payé, et s’il y a de la lumière. L’argent de l’électricité ne compte jamais pour un frais. « Sans compteur » ne se dit que des clients raccordés.",
  name_customers_fee_unknown: "Frais inconnus",
  means_customers_fee_unknown:
    "Clients repris de l’ancien système, dont aucune ligne ni étape ne dit qu’un frais a été payé. Ce qu’ils doivent est inconnu, et n’est pas pris pour 0.",
  name_records_complete: "Complétude des relevés",
  means_records_complete:
    "Heures dont le compteur qui facture a dit quelque chose, par heures des comptes raccordés dans les mêmes jours : 24 par jour, du premier jour entier avec lumière, quel que soit le premier paiement, à la veille de la fin. Les deux sont coupées aux jours demandés : jamais plus de 100 %. Aujourd’hui n’y est pas. Où rien n’est attendu, c’est inconnu.",
  name_records_deficit: "Déficit d’un site",
  means_records_deficit:
    "Un mois où les compteurs d’un site ont dit moins de la moitié de la médiane de ses autres mois terminés ; il en faut au moins quatre. Le mois en cours est mesuré à la part écoulée. Un mois sans heure vaut 0, dès le premier mois du site.",
  name_records_silent: "Compteurs muets",
  means_records_silent:
    "Compteurs qui facturent, posés à un compte non résilié, et qui n’ont rien dit depuis le jour nommé. Ceux qui n’ont jamais rien dit viennent d’abord.",
  title_vended_by_site: "Énergie vendue, par site",
  title_metered_by_site: "Énergie consommée, par site",
  title_paid_by_site: "Payé, par site",
  title_energy: "Énergie vendue et consommée",
  title_energy_sum: "Énergie vendue et consommée, depuis le premier trimestre montré",
  title_paid: "Payé",
  title_paid_sum: "Payé, depuis le premier trimestre montré",
  title_energy_a_day: "Énergie par compte et jour",
  title_paid_a_day: "Payé par compte et jour",
  title_metered_by_type: "Énergie consommée, par type de client",
  title_metered_a_day_by_type: "Énergie consommée par compte et jour, par type de client",
  title_paid_by_type: "Payé, par type de client",
  title_coverage: "Heures connues",
  title_arpu: "Payé par compte et trimestre (ARPU)",
  title_arpu_months: "Payé par compte et mois (ARPU)",
  title_accounts: "Comptes",
  title_arpu_by_site: "ARPU par site, dernier trimestre terminé",
  title_paid_by_kind: "Payé, selon l'objet",
  title_price: "Prix moyen du kWh",
  title_days_by_channel: "Payé, par canal",
  title_days_by_site: "Payé, par site",
  title_days_payments: "Paiements, par canal",
  title_days_unassigned: "Non affecté",
  title_days_energy: "Énergie vendue et consommée",
  report_operations: "Exploitation",
  report_money: "Argent",
  report_days: "Jour par jour",
  lead_operations:
    "Trimestre par trimestre : l'énergie vendue et l'énergie consommée sont deux mesures, côte à côte. Le trimestre en cours est plus pâle.",
  lead_money: "Ce que les clients paient, et par combien d'entre eux on divise : chaque dénominateur a son nom.",
  lead_days: "Les derniers jours, par canal et par site. Le jour est le jour local du paiement.",
  doc_title: "1PWR Customer Care : {report}, {country}",
  doc_time: "Du {from} au {to}",
  doc_site: "Site {site}",
  doc_all_sites: "Tous les sites",
  doc_as_of: "Au {at}, {zone}",
  doc_source: "Sommes des paiements et des relevés, par jour local",
  doc_none: "On ne sait rien de cette période.",
  doc_running: "pâle : pas encore terminé",
  doc_means: "Ce que sont les chiffres",
  doc_page: "{n} sur {of}",
  doc_pending: "{n} jours ne sont pas encore additionnés.",
  doc_others: "autres",
  doc_no_group: "d'aucun",
} satisfies MetricWords;
