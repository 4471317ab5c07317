export default {
  means_tenure_corrected:
    "Motlakase oa khoeli ho ea ka likhoeli tseo ak’haonte e bileng moreki. Khoeli ea 0 ke ea pele e felletseng: letsatsi le leng le le leng lihora tse 23 ho tse 24 lia tsejoa. Ke likhoeli tse felletseng feela, le tse se nang tšebeliso, e seng e ntseng e tsamaea. n: liak’haonte tse nang le lilemo tse lekaneng; nd: tse khoeli ea tsona e felletseng; nf: tse tlohetsoeng, tse hole le halofo e bohareng ho feta ha ’ngoe le halofo ea bophara ba eona. Lebanta ke ho fapoha ho le hong ho tloaelehileng, ha ho be ka tlase ho 0. Ntle le liak’haonte tse tharo ha ho karolelano.",
  means_tenure_legacy:
    "Joalo ka ha tlaleho ea khale e ne e bala: khoeli ea 0 ke ea pele eo ho tsejoang letho ka eona, leha e le khutšoane; likhoeli tse se nang tšebeliso lia tloheloa, e ntseng e tsamaea e nkoa e felile, ’me liak’haonte tse se nang mofuta lia tloheloa ha mefuta e bontšoa. Karolelano le lebanta li fosahetse ka lebaka leo; e bolokiloe ho fumana lipalo tsa khale.",
  means_load_curve:
    "Seo ak’haonte e se sebelisang ka hora ea letsatsi, nako ea moo: bakeng sa ak’haonte ka ’ngoe karolelano ea hora eo matsatsing ohle a tsejoang, ebe karolelano ea liak’haonte. Lihora tse se nang tšebeliso lia baloa; tse sa tsejoeng che. n: liak’haonte.",
  means_load_daily:
    "Motlakase oa ak’haonte ka letsatsi la moo leo bonyane lihora tse 23 tsa lona li tsejoang: seo karolo ea leshome, halofo le likarolo tse robong ho tse leshome tsa liak’haonte li sa se feteng, le karolelano. n: liak’haonte.",
  means_load_cdf:
    "Kamoo motlakase o arohaneng kateng: boleng boo liphesente tse kaalo tsa matsatsi (kapa lihora) ohle a tsejoang a liak’haonte a sa bo feteng, ho tloha ho 0 ho isa ho 100. Tse ka tlase ho 30 ha li etse karohano.",
  means_load_8760:
    "Karolelano ea mojaro oa ak’haonte horeng e ’ngoe le e ’ngoe ea tse 8 760 tsa selemo sa moo; la 29 Hlakola le tlohetsoe. Ke liak’haonte tseo hora ea tsona e tsejoang feela. n: liak’haonte; ha li le ka tlase ho tse batloang ha ho boleng.",
  means_load_scatter:
    "Ntlha e le ’ngoe bakeng sa ak’haonte le letsatsi la moo leo bonyane lihora tse 23 tsa lona li tsejoang: motlakase oa letsatsi, le oa hora e phahameng ka ho fetisisa. Ho tse fetang 5 000, tse kaalo li khethoa ka lotho, tse tšoanang kamehla.",
  means_load_factors:
    "Tsa liak’haonte tseo khoeli ea tsona e felletseng. Ntlha ea mojaro: karolelano ea mojaro oa tsohle hammoho ka hora ea tsona e phahameng. Ho kopana: hora e phahameng ea tsohle hammoho ka kakaretso ea lihora tse phahameng tsa e ’ngoe le e ’ngoe.",
};
