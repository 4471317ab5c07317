/** What each profile is, in words: beside the figure on the page, and in its file. */
export default {
  means_tenure_corrected:
    "Energy of a month by how many months an account has been a customer. Month 0 is its first complete month: of each day, 23 of 24 hours are known. Complete months only, those in which nothing was used too, and not the running one. n: accounts that are old enough; nd: those of which the month is complete; nf: those left out, further from the middle half than one and a half times its width. The band is one standard deviation, never below 0. Without three accounts there is no mean.",
  means_tenure_legacy:
    "As the old report counted: month 0 is the first month of which anything is known, however short; months without use are left out, the running one is taken as if it were over, and accounts without a type are left out when types are shown. Mean and band are too high or too low by that; kept to find old figures again.",
  means_load_curve:
    "What an account draws by the hour of the day, local time: for each account the mean of that hour over all days that are known, then the mean of the accounts. Hours in which nothing was used count; hours that nobody knows do not. n: accounts.",
  means_load_daily:
    "Energy of an account and local day of which at least 23 hours are known: what a tenth, half and nine tenths of the accounts do not exceed, and the mean. n: accounts.",
  means_load_cdf:
    "How energy is distributed: the value that so many per cent of all known days (or hours) of accounts do not exceed, from 0 to 100. Fewer than 30 of them make no distribution.",
  means_load_8760:
    "Mean load of an account in each of the 8,760 hours of a local year; 29 February is left out. Only accounts of which the hour is known. n: accounts; with fewer than asked for there is no value.",
  means_load_scatter:
    "One point for each account and local day of which at least 23 hours are known: energy of the day, and of its highest hour. Of more than 5,000, so many are drawn by lot, the same ones each time.",
  means_load_factors:
    "Of accounts whose month is complete. Load factor: mean load of all together by their highest hour. Coincidence: the highest hour of all together by the highest hours of each, added up.",
};
