export default {
  means_tenure_corrected:
    "Énergie d’un mois selon l’ancienneté du compte en mois. Le mois 0 est son premier mois complet : 23 heures sur 24 sont connues par jour. Seuls les mois complets comptent, ceux sans consommation aussi, et jamais le mois en cours. n : comptes assez anciens ; nd : ceux dont le mois est complet ; nf : ceux écartés, plus loin de la moitié centrale qu’une fois et demie sa largeur. La bande est d’un écart type, jamais sous 0. Sans trois comptes, pas de moyenne.",
  means_tenure_legacy:
    "Comme comptait l’ancien rapport : le mois 0 est le premier dont on sait quelque chose, si court soit-il ; les mois sans consommation sont omis, le mois en cours compte comme s’il était fini, et les comptes sans type sont omis par type. La moyenne et la bande en sont faussées ; gardé pour retrouver les anciens chiffres.",
  means_load_curve:
    "Ce qu’un compte consomme selon l’heure locale du jour : pour chaque compte la moyenne de cette heure sur les jours connus, puis la moyenne des comptes. Les heures sans consommation comptent ; celles que personne ne connaît, non. n : comptes.",
  means_load_daily:
    "Énergie d’un compte par jour local dont au moins 23 heures sont connues : ce qu’un dixième, la moitié et neuf dixièmes des comptes ne dépassent pas, et la moyenne. n : comptes.",
  means_load_cdf:
    "Répartition de l’énergie : la valeur que tant de pour cent des jours (ou heures) connus des comptes ne dépassent pas, de 0 à 100. Moins de 30 ne font pas une répartition.",
  means_load_8760:
    "Charge moyenne d’un compte à chacune des 8 760 heures d’une année locale ; le 29 février est omis. Seuls les comptes dont l’heure est connue. n : comptes ; s’ils sont moins que demandé, pas de valeur.",
  means_load_scatter:
    "Un point par compte et jour local dont au moins 23 heures sont connues : énergie du jour, et de son heure la plus forte. Au-delà de 5 000, autant sont tirés au sort, toujours les mêmes.",
  means_load_factors:
    "Des comptes dont le mois est complet. Facteur de charge : charge moyenne de tous ensemble sur leur heure la plus forte. Simultanéité : l’heure la plus forte de tous ensemble sur la somme des heures les plus fortes de chacun.",
};
