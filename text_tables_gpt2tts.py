r"""
The words of [`text_normalization_gpt2tts`] and its rules as tables: what is written and how it is read. Entries are separated by `;`,
what is written from what is read by `=`.
"""


def parse_table(text: str) -> dict[str, str]:
    """Entries `written=spoken`, separated by `;`, as a dictionary."""
    pairs = (entry.split("=") for entry in text.split(";") if entry.strip())
    return {written.strip(): spoken.strip() for written, spoken in pairs}


def _words(text: str) -> list[str]:
    return text.split()


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# --- numbers ----------------------------------------------------------------------------------------------------------

ONES = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
TENS = _words("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
SCALES = ("", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion")
ORDINALS = parse_table("one=first; two=second; three=third; five=fifth; eight=eighth; nine=ninth; twelve=twelfth")
SCALE_LETTERS = parse_table(
    "k=thousand; m=million; mn=million; mln=million; bln=billion; mm=million; b=billion; bn=billion; t=trillion; tn=trillion"
)

# --- characters -------------------------------------------------------------------------------------------------------

CHARACTERS: dict[str, str] = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u02b9\u00b4`\u2032\uff07\u02bb", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u2033\uff02", '"'),
    **dict.fromkeys("\u2010\u2011\u2043\u2212", "-"),
    "\u2012": "\u2013",
    **dict.fromkeys("\u2014\u2015\u2e3a\u2e3b", "\u2014"),
    **dict.fromkeys("[{\u3010\u300c", "("),
    **dict.fromkeys("]}\u3011\u300d", ")"),
    **dict.fromkeys("\u03bc\u00b5", "\u00b5"),
    **dict.fromkeys("\u2192\u21d2\u27f6\u2794", " to "),
    "\u2190": " from ",
    "\u00ba": "\u00b0",  # as it is typed: "20\u00baC"
    "\u2260": "!=",
    "\u2248": "\u2245",
    "\u2243": "\u2245",
    "\u2223": "|",
    **{
        written: f" {spoken} "
        for written, spoken in parse_table(
            "\u00f7=divided by; \u00b1=plus or minus; \u2116=No.; \u00a7=section; \u00b6=paragraph; \u221a=square root of; "
            "\u221e=infinity; \u2211=the sum of; \u2206=delta; \u221d=is proportional to; \u2030=per mille; "
            "\u2208=in; \u2209=not in; \u222a=union; \u2229=intersection; \u2200=for all; \u2203=there exists; "
            "\u2205=the empty set; \u2202=partial; \u2207=del; \u2234=therefore; \u2261=is equivalent to; \u2282=is a subset of; "
            "\u2286=is a subset of; \u00ac=not; \u2227=and; \u2228=or; \u2194=if and only if; \u21d4=if and only if; "
            "\u21cc=is in equilibrium with; \u2218=composed with; \u221b=cube root of; \u2220=angle; \u222b=the integral of"
        ).items()
    },
    "\u2122": "",  # trade mark
    "\u266d": " flat ",
    "\u266f": " sharp ",
    "\u2191": " up ",
    "\u2193": " down ",
    "\u3002": ". ",
    "\u3001": ", ",
    **parse_table(
        "\u00df=ss; \u1e9e=SS; \u00e6=ae; \u00c6=Ae; \u0153=oe; \u0152=Oe; \u00f8=o; \u00d8=O; \u0142=l; \u0141=L; "
        "\u0111=d; \u0110=D; \u00f0=d; \u00d0=D; \u00fe=th; \u00de=Th; \u0131=i"
    ),
}
# between two things; before one
COMPARISONS = {
    "<": ("is less than", "less than"),
    ">": ("is greater than", "more than"),
    "\u2264": ("is less than or equal to", "at most"),
    "\u2265": ("is greater than or equal to", "at least"),
    "\u2260": ("is not equal to", "not equal to"),
    "\u2245": ("is about", "about"),
}
ADDRESS_SYMBOLS = parse_table(
    ".=dot; /=slash; -=dash; _=underscore; @=at; :=colon; +=plus; &=and; #=hash; %=percent; ~=tilde; \\=backslash; "
    "?=question mark"
) | {"=": "equals"}
# of what stands alone
SYMBOL_NAMES = ADDRESS_SYMBOLS | {
    **parse_table(
        ",=comma; .=dot; *=asterisk; |=pipe; ^=caret; <=less than; >=greater than; !=exclamation mark; $=dollar; "
        "{=brace; }=closing brace; [=bracket; ]=closing bracket; (=parenthesis; )=closing parenthesis; -=minus; "
        "'=apostrophe; \"=quote"
    ),
    ";": "semicolon",
    "===": "triple equals",
    "->": "arrow",
    "=>": "arrow",
    "!=": "not equals",
    "<=": "less than or equals",
    ">=": "greater than or equals",
}
SCRIPTS = parse_table(
    "CJK=Chinese (Han); IDEOGRAPHIC=Chinese (Han); HIRAGANA=Japanese (Hiragana); KATAKANA=Japanese (Katakana); "
    "HANGUL=Korean (Hangul)"
)

# --- abbreviations ----------------------------------------------------------------------------------------------------

# words that begin sentences: a full stop before one of them ends a sentence
IMPERATIVES = _set(
    "Add Bake Bring Cook Cover Heat Let Please Pour Repeat Serve Step Stir Take Turn Use Wait Buy Mix Call Visit See Click Try Get Go "
    "Remove Drain Fry Boil Simmer Chill Garnish Whisk Combine Set Place Sprinkle Preheat Cool"
)
STARTERS = IMPERATIVES | _set(
    "A After All Although An And As At Both But By Did Do Does Each Even Every Finally For From He Her Here His "
    "How However I If In Is It Its Later Many Meanwhile More Most My No None Not Now Of On Once One Only Or Our "
    "She Since So Some Soon Still Such That The Their Then There These They This Those Though Thus To Today Two "
    "Under Until Was We Were What When Where While Who Why With Yes Yet You Your Next"
)
# weekdays, months and time zones: they go on with a time of day
NEVER_FIRST = tuple(
    _words(
        "Mon Tue Wed Thu Fri Sat Sun Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Eastern Pacific Central Mountain "
        "Standard Daylight"
    )
)
# after which a name often stands: "8 oz. Philadelphia"
UNITS_BEFORE_NAMES = _set("oz lb lbs tsp tbsp fl pt qt T")
TITLES = parse_table(
    "Mr=Mister; Mrs=Missus; Ms=Miz; Messrs=Messieurs; Mx=Mix; Dr=Doctor; Drs=Doctors; Prof=Professor; Capt=Captain; "
    "Gen=General; Lt=Lieutenant; Col=Colonel; Maj=Major; Sgt=Sergeant; Cpl=Corporal; Pvt=Private; Pte=Private; Cmdr=Commander; "
    "Adm=Admiral; Rev=Reverend; Hon=Honorable; Gov=Governor; Sen=Senator; Rep=Representative; Pres=President; "
    "Atty=Attorney; Brig=Brigadier; Lieut=Lieutenant; Det=Detective; Amb=Ambassador; Msgr=Monsignor; Pfc=Private First Class; "
    "Spc=Specialist; Jas=James; Jno=John; Wm=William; Geo=George; Chas=Charles; Thos=Thomas; Supt=Superintendent; Insp=Inspector; Fr=Father; Robt=Robert; Benj=Benjamin; Saml=Samuel; Edw=Edward; Richd=Richard; Eliz=Elizabeth; Mme=Madame; Mlle=Mademoiselle; Mt=Mount; Ft=Fort"
)
# with their full stop; where it ends the sentence it stays
ABBREVIATIONS = parse_table(
    "e.g.=for example; e. g.=for example; i. e.=that is; E.g.=For example; I.e.=That is; Etc.=Et cetera; Viz.=Namely; Approx.=Approximately; eg.=for "
    "example; ie.=that is; Ph.D.s=P H D's; i.e.=that is; etc.=et cetera; vs.=versus; viz.=namely; cf.=compare; "
    "approx.=approximately; a.k.a.=also known as; Jr.=Junior; Sr.=Senior; Esq.=Esquire; Inc.=Incorporated; "
    "Co.=Company; Corp.=Corporation; Ltd.=Limited; Bros.=Brothers; Dept.=Department; dept.=department; "
    "Univ.=University; Assn.=Association; Ave.=Avenue; Blvd.=Boulevard; Rd.=Road; Ln.=Lane; Hwy.=Highway; "
    "Pkwy.=Parkway; Ct.=Court; Sq.=Square; misc.=miscellaneous; incl.=including; excl.=excluding; est.=established; "
    "avg.=average; govt.=government; mgmt.=management; Tel.=Telephone; tel.=telephone; ext.=extension; "
    "Gov't.=Government; Misc.=Miscellaneous; intl.=international; natl.=national; Jct.=Junction; Accts.=Accounts; accts.=accounts; "
    "bdrm.=bedroom; bdrms.=bedrooms; wt.=weight; pkg.=package; qty.=quantity; Intl.=International; Natl.=National; Ph.D.=P H D; "
    "Ph.D=P H D; Ed.D.=Ed D; LL.B.=L L B; LL.M.=L L M; D.Phil.=D Phil; Psy.D.=Psy D; Pharm.D.=Pharm D; M.Sc.=M S C; "
    "B.Sc.=B S C; N.B.=N B; repr.=reprinted; trans.=translated; orig.=originally; assoc.=associate; "
    "Acct.=Account; acct.=account; Mgr.=Manager; mgr.=manager; Exec.=Executive; Dir.=Director; asst.=assistant; Asst.=Assistant; Assoc.=Associate; ppl.=people; "
    "appt.=appointment; btwn.=between; lg.=large; resp.=respectively; "
    "rebs.=rebounds; asts.=assists; yr.=year; exp.=experience; msgs.=messages; msg.=message; pgs.=pages; arr.=arriving; dep.=departing; "
    "Pop.=Population; Elev.=Elevation; mtg.=meeting; Mtg.=Meeting; pls.=please; Pls.=Please; ea.=each; Lk.=Lake; "
    "Conf.=Conference; conf.=conference; Ctr.=Center; Fwy.=Freeway; Tpke.=Turnpike; Mkt.=Market; "
    "Admin.=Administration; equiv.=equivalent; Equiv.=Equivalent; util.=utilities; abt.=about; bapt.=baptized; emig.=emigrated; Abbr.=Abbreviation; Bd.=Board; Educ.=Education; abbr.=abbreviated; std.=standard; Appt.=Appointment; Blk.=Block; blks.=blocks; eps.=episodes; "
    "Qtr.=Quarter; qtr.=quarter; dbl.=double; Dbl.=Double; hrs.=hours; occ.=occupancy; shs.=shares; "
    "p.o.=by mouth; q.d.=once a day; p.r.n.=as needed; t.d.s.=three times a day; b.i.d.=twice a day; t.i.d.=three times a day; q.i.d.=four times a day"
)
# after which something always follows
NEVER_LAST = _set("e.g. E.g. eg. i.e. I.e. ie. a.k.a. vs. viz. Viz. cf.")
WORDS_WITHOUT_STOP = parse_table(
    "eg=for example; ie=that is; etc=et cetera; vs=versus; approx=approximately; w/o=without; W/o=Without; c/o=care of; "
    "b/c=because; Blvd=Boulevard; Ave=Avenue; Ave Maria=Ave Maria; Hwy=Highway; n/a=N A; N/A=N A; aka=also known as; ppl=people; "
    "btwn=between; tmrw=tomorrow; Tmrw=Tomorrow; yall=y'all; ive=I've; Ive=I've; thats=that's; Thats=That's; "
    "whats=what's; Whats=What's; cant=can't; Cant=Can't; afaik=A F A I K; idc=I D C; ikr=I K R; iirc=I I R C; "
    "fwiw=F W I W; irl=I R L; omw=on my way; tysm=thank you so much; ily=I love you; wdym=what do you mean; wfh=W F H; "
    "yw=you're welcome; fwd=forward; Fwd=Forward; Jr=Junior; Pkwy=Parkway; Expy=Expressway; int'l=international; Int'l=International; "
    "gov't=government; Gov't=Government; nat'l=national; Nat'l=National; YoY=year over year; QoQ=quarter over quarter; FTSE=Footsie; omg=O M G; idk=I D K; tbh=T B H; "
    "gr8=great; l8r=later; 2day=today; 2nite=tonight; 2moro=tomorrow; c u=see you; XD=; w/in=within; "
    "appt=appointment; acct=account; msg=message; Msg=Message; pkg=package; hrs=hours; avg=average; Avg=Average; qty=quantity; Qty=Quantity; dept=department; govt=government; "
    "Cllr=Councillor; Cllrs=Councillors; Revd=Reverend; lbw=L B W; wkt=wicket; wkts=wickets; agg=aggregate; hols=holidays; "
    "w/c=week commencing; w/e=week ending; Stn=Station; Jct=Junction; Gdns=Gardens; Ctr=Center; Fwy=Freeway; Tpke=Turnpike; Mkt=Market; Qtr=Quarter; qtr=quarter; "
    "btn=button; btl=bottle; btls=bottles; mgr=manager; Mgr=Manager; abt=about; addr=address; sry=sorry; Sry=Sorry; req'd=required; Req'd=Required; a/c=A C; ytd=Y T D; Rx=R X; "
    "k8s=Kubernetes; K8s=Kubernetes; w/out=without; Sir/Madam=Sir or Madam; Encl=Enclosure; Rgds=Regards; rgds=regards; cont'd=continued; Cont'd=Continued; CONT'D=continued; bdrm=bedroom; bdrms=bedrooms; hdwd=hardwood; flr=floor; flrs=floors; frpl=fireplace; bkyd=backyard; Cnr=Corner; h/o=history of; s/p=status post; lvl=level; AoE=A O E; HVAC=H vac; wyd=what are you doing; hmu=hit me up; iykyk=I Y K Y K; "
    "Attn=Attention; ATTN=Attention; PLS=PLEASE; Esc=Escape; "
    "ttyl=T T Y L; brb=B R B; lol=L O L; imo=I M O; imho=I M H O; fyi=F Y I; pls=please; Pls=Please; thx=thanks; "
    "Thx=Thanks; Wi-fi=Wi-Fi; IEEE=I "
    "triple E; AAA=triple A; NAACP=N double A C P; NCAA=N C double A; EWCA=E W C A; n/s=N S; C#=C sharp; F#=F sharp; MSc=M S C; BSc=B S C; "
    "PhD=P H D; EdD=Ed D; PhDs=P H D's; LLM=L L M; LLMs=L L M's; WWI=World War one; WW1=World War one; WW2=World War "
    "two; WWII=World War two; iOS=i O S; macOS=mac O S; IoT=I O T; SaaS=sass; AC/DC=A C D C; AM/FM=A M F M; LSAT=L "
    "sat; MCAT=M cat; vs=versus; btw=by the way; Btw=By the way; ur=your; ty=thank you; msgs=messages; mtg=meeting; Utd=United; Hrs=Hours; s/he=she or he; yes/no=yes or no; IPv4=I P v four; IPv6=I P v six; OK'd=O K'd; mRNA=m R N A; tRNA=t R N A; pH=P H"
)
# of England
SHORT_COUNTIES = parse_table(
    "Glos=Gloucestershire; Oxon=Oxfordshire; Herts=Hertfordshire; Northants=Northamptonshire; Lancs=Lancashire; Cambs=Cambridgeshire; "
    "Worcs=Worcestershire; Leics=Leicestershire; Hants=Hampshire; Lincs=Lincolnshire; Salop=Shropshire"
)
WORDS_WITHOUT_STOP |= {**SHORT_COUNTIES, "Oxon Hill": "Oxon Hill"}
# other words too: after a comma, or before "Police"
COUNTIES_LIKE_WORDS = parse_table(
    "Wilts=Wiltshire; Staffs=Staffordshire; Berks=Berkshire; Notts=Nottinghamshire; Beds=Bedfordshire"
)
# of Ireland, and of England the one with the word
COUNTIES = _set(
    "Antrim Armagh Carlow Cavan Clare Cork Derry Donegal Down Dublin Durham Fermanagh Galway Kerry Kildare Kilkenny Laois Leitrim "
    "Limerick Longford Louth Mayo Meath Monaghan Offaly Roscommon Sligo Tipperary Tyrone Waterford Westmeath Wexford Wicklow"
)
# each in the one place that its rule knows
IN_CONTEXT = parse_table(
    "Wt=Weight; Ht=Height; inst=instant; ult=ultimo; prox=proximo; Dep=Departing; Arr=Arriving; med=medium; sm=small; lg=large; "
    "QD=once; BID=twice; TID=three times; QID=four times; Na=sodium; K=potassium; Cl=chloride; Mg=magnesium; Ca=calcium; "
    "Cr=creatinine; Hb=hemoglobin; Hgb=hemoglobin"
)
STATISTICS = parse_table("reb=rebounds; ast=assists; blk=blocks; stl=steals")  # of a player
RENTS = parse_table("pp=person; pw=week; pcm=calendar month")  # "£500 pw"
PERIODS = parse_table("w=week; m=month; q=quarter; y=year")  # "3w ago", "5% q/q"
# after a number and a name
STREETS = parse_table(
    "Ln=Lane; Ct=Court; Cir=Circle; Pl=Place; Ter=Terrace; Trl=Trail; Rd=Road; St=Street; Ave=Avenue; Blvd=Boulevard; Dr=Drive"
)
SPOONS = {"c": "cup", "C": "cup", "T": "tablespoon", "t": "teaspoon"}  # of a recipe
BEFORE_NUMBER = parse_table(  # "No." is also an answer and "p." an initial: only before a number
    "no=number; nos=numbers; vol=volume; vols=volumes; ch=chapter; chap=chapter; p=page; pp=pages; fig=figure; "
    "figs=figures; sec=section; art=article; c=circa; ca=circa; apt=apartment; ste=suite; bldg=building; fl=floor; "
    "rm=room; eq=equation; ver=version; par=paragraph; ref=reference; refs=references; "
    "sect=section; eqs=equations; eqn=equation; ep=episode; eps=episodes; pt=part; ex=example; ext=extension; para=paragraph; l=line; "
    "ll=lines; v=verse; vv=verses; flt=flight; bk=book; hwy=highway; rte=route; op=opus; lat=latitude; est=established; pg=page; pgs=pages; "
    "prop=proposition; pop=population; mag=magnitude; mk=mark; chs=chapters; elev=elevation; sch=schedule; cl=clause; amend=amendment; lv=level; lvl=level; rt=route"
)
# where no number stands before them
LATE_ABBREVIATIONS = parse_table(
    "tsp.=teaspoon; tbsp.=tablespoon; min.=minimum; max.=maximum; lbs.=pounds; oz.=ounces"
)
BEFORE_NUMBER |= {word.title(): spoken.title() for word, spoken in BEFORE_NUMBER.items() if len(word) > 1}
STATES = parse_table(
    "AL=Alabama; AK=Alaska; AZ=Arizona; AR=Arkansas; CA=California; CO=Colorado; CT=Connecticut; DE=Delaware; "
    "FL=Florida; GA=Georgia; HI=Hawaii; ID=Idaho; IL=Illinois; IN=Indiana; IA=Iowa; KS=Kansas; KY=Kentucky; "
    "LA=Louisiana; ME=Maine; MD=Maryland; MA=Massachusetts; MI=Michigan; MN=Minnesota; MS=Mississippi; MO=Missouri; "
    "MT=Montana; NE=Nebraska; NV=Nevada; NH=New Hampshire; NJ=New Jersey; NM=New Mexico; NY=New York; NC=North "
    "Carolina; ND=North Dakota; OH=Ohio; OK=Oklahoma; OR=Oregon; PA=Pennsylvania; RI=Rhode Island; SC=South "
    "Carolina; SD=South Dakota; TN=Tennessee; TX=Texas; UT=Utah; VT=Vermont; VA=Virginia; WA=Washington; WV=West "
    "Virginia; WI=Wisconsin; WY=Wyoming; DC=D C; ON=Ontario; BC=British Columbia; AB=Alberta; QC=Quebec; MB=Manitoba; "
    "SK=Saskatchewan; NS=Nova Scotia; NB=New Brunswick"
)
# as newspapers write them, with a full stop
STATE_ABBREVIATIONS = parse_table(
    "Ala=Alabama; Ariz=Arizona; Ark=Arkansas; Calif=California; Colo=Colorado; Conn=Connecticut; Del=Delaware; "
    "Fla=Florida; Ga=Georgia; Ill=Illinois; Ind=Indiana; Kan=Kansas; Ky=Kentucky; La=Louisiana; Mass=Massachusetts; "
    "Md=Maryland; Mich=Michigan; Minn=Minnesota; Miss=Mississippi; Mo=Missouri; Mont=Montana; Neb=Nebraska; Nev=Nevada; "
    "Okla=Oklahoma; Ore=Oregon; Pa=Pennsylvania; Tenn=Tennessee; Tex=Texas; Va=Virginia; Vt=Vermont; Wash=Washington; "
    "Wis=Wisconsin; Wyo=Wyoming"
)
PARTIES = parse_table("R=Republican; D=Democrat; I=Independent")
# before a comma and two letters that are no state: "Yeah, OK", "address, ID"
NO_PLACES = _set(
    "Hi Hello Yeah Yes Yep No Well Oh So Sure Right Alright Fine Now Look Hey Hmm Um Uh Okay And But Or Name Names Address Photo "
    "Email Password Number Card Passport License Licence Username"
)
# words that are drawn out: "soooo", "coool"
DRAWN_OUT = _set(
    "so no yes yay hey oh ah wow please really very long love good nice way what why hi bye stop omg wait help never ever much "
    "cute cool sweet best sorry thanks great happy hello dude man girl boy damn hot cold big baby all well too see me you we "
    "go loud slow crazy sure right okay ok yeah yep nope lol aww awesome amazing beautiful tired bored boring hungry fun funny "
    "lovely ooh sad bad mad hate miss finally same more forever come day now here there where who fine high low far huge tall old "
    "new hard soft oops ugh ew gosh god mom dad bro boo woo whoo woohoo need free feel full food soon look sleep morning night "
    "moo baa grr brr bzz hss yum yummy hmm whoa nah nooo delicious perfect epic wild super mega lmao dead stupid literally actually seriously goal"
)

# before 'd, where it is "had" or "would"
PRONOUNS = _set("i you he she it we they who that there this what how where when why one somebody nobody")

# --- chemistry ---------------------------------------------------------------------------------------------------------

ELEMENTS = _set(
    "H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd "
    "Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th "
    "Pa U Pu Et"
)
NO_FORMULAS = _set("NaN HeLa LiPo NiCd PoS CoV SoHo NoHo HoCo WiFi BoBa YoY CoOp InFO GaN")

# --- initialisms ------------------------------------------------------------------------------------------------------

# how a syllable of a word can begin, be and end
ONSET = (
    r"(?:[BCDFGHJKLMNPRSTVWYZ]|B[LR]|C[HLR]|D[RW]|F[JLR]|G[HLNRW]|KN|P[HLNRS]|PHR|RH|QU|S[CHKLMNPTVW]|SCH|SCR|SHR|"
    r"SP[HLR]|SQU|STR|T[HRSW]|TH[RW]|VL|W[HR])?"
)
VOWEL = r"(?:[AEIOUY]|A[IUY]|E[AEIUY]|I[E]|O[AIOUY]|U[E])"
CODA = (
    r"(?:(?:[BCDFGKLMNPRTWY]|B[BT]|C[HKT]|DD|DTH|F[FT]|FTH|G[GN]|GHT?|GHTH|GTH|HN|L[BDFKLMPT]|LTH|M[BMNP]|MP[HT]|"
    r"N[CDGKNT]|NG?TH|WTH|P[PT]|PTH|R[BCDFGKLMNPT]|R[LN][DT]|S[KPT]|T[HT]|TCH|NCH|RCH|RTH|W[DLN])?S?|[XZ]|DST|LTZ|"
    r"LCH|N[XZ]|R[ST]|RST|RSH|RTZ|LST|S[HS]|STH?|TZ|X(?:T|TH|TS)|ZZ|N[CS]E|[A-Z]E)?"
)
# can be said as a word, but are spelt
SPELLED = _set(
    "AARP ABC ABS ACLU ADA ADHD AFC AMA AOC APA API ASL ATA AUC BBC BIA CAA CEO CEST CIA CIO COD COO COPD "
    "CPA CRO DEI DIY DOA DOB DOE DUI ECB ECG EDI EDM EEG EIB EKG EPA ESA ESL ESPN ETA ETL EVA FAA FIA FOB "
    "GED GOP GUI HIV HOA ICC ICU IDE IOC IOU IPA IPO IRA IRS ISO ISP IVA LED LOL MIA MIT MOU NIC NOC NYSE OEM OPP OSS "
    "PIP POC POI POS POV QED RAC RAF RIP ROE ROI RPA RTE SAS SAT SEC SEO SOA SOC SOS TIA TOS UAE UCLA UFO UHF VAT "
    "UNLV UPI UPS URI USAF USDA USO UVA VIP VOD SKU USPS TSA DOD DWI DEA FYI GRE IAEA PLO POW USGA NYU NYC NYPD CLI YMCA "
    "CET EET ROTC EMEA LLC LAX AEST AEDT EDTA MOT PAYE GIS TUC CES NAO FAO LOI NEC IAAF USTA AITA IYKYK ICYMI PSA ROIC"
)
# cannot be said by the rules, but are words
UNSPELLED = _set(
    "BRR WAV OGG CRISPR NSAID NSAIDS NVIDIA CMAKE RHYTHM DR HMM JSON YAML TOEFL NASDAQ JPEG MPEG OPEC JR MR MRS MS NTH SHH SR ST TSK "
    "PSST GRR PFFT ZZZ AAH OOH AHH MMM YEAH CHRIS CHRIST JOSEPH SARAH IRAQ IRAQI NAH HUH KHAN RACISM UTAH WELSH DISC DISCS RALPH "
    "DIDNT DOESNT ISNT WASNT WOULDNT COULDNT SHOULDNT HASNT GRAPH GRAPHS SINGH AUTISM CZECH NOAH CHROME ALLAH HAWK HAWKS BLAH YACHT "
    "YACHTS SHAH WARMTH QATAR MARX AWW ORGASM TEHRAN DUH ISAIAH SHEIKH SAVVY ELIJAH HAH YAH JONAH RWANDA SEXISM BRUH ERNST BURSTS "
    "KIEV UHH WAH PRISM STEPH TORAH JUDAH MEH ERR KRAFT ZHOU BURR SIKH DREAMT DAWG YEH POOH DHARMA ANGST DAPHNE XMAS MAH NEWT "
    "DHAKA IMPROV KLAN XANAX KHMER LOUVRE MOHAWK MICAH BAH DAH SIKHS DAHL KILN MINSK NAZISM RIYADH BHUTAN LUV KYIV MORPH RAH HAJJ "
    "KHAKI UMMM GAH OHM SCHISM XEROX BRAH SPASM SPASMS YAHWEH CHASM FIRSTS KAZAKH LLAMA CALIPH SABAH BRAHMS DOH HURRAH SHILOH "
    "XENON DAHLIA FATAH KOHL KRAKEN ROFL JAH JEDDAH NORAH SCULPT PAH PARIAH CHROMA PURR PRAVDA VROOM GLYPH KITSCH SLAV OHMS "
    "MRSA WASM SIMD VLAN VLANS VRAM CSPAN CMOS XBOX KRILL PRISMS PHLEGM SADISM URIAH YUH MENSCH MYRRH"
)
# two or three letters that begin with a vowel or would be initialisms, but are words that one stresses
WORDS = _set(
    "ACE ACT ADD AGE AGO AID AIM AIR ALE ALL AND ANT ANY APE APT ARC ARE ARK ARM ART ASH ASK ATE AXE EAR EAT EGG "
    "EGO ELF ELM END ERA EVE EYE ICE ICY ILL INK INN ION IVY OAK ODD OFF OIL OLD ONE ORE OUR OUT OWE OWL OWN UGH "
    "URN USE AM AN AS AT BE BY DO GO HE HI IF IN IS ME MY NO OF OH ON OR OX SO TO UP WE YE AH AW EH HA HO LO OW "
    "UH UM WOW YO HEY YEA YAY BYE ELO ETC ITS ERE EBAY ETSY"
)
# letters after which a full stop ends the sentence
LABELS = (
    "Plan|Part|Vitamin|Grade|Type|Class|Section|Option|Group|Team|Hepatitis|Exhibit|Appendix|Room|Gate|Step|Block|"
    "Figure|Table|Unit|Level|Model|Schedule|Question|Answer|Point|Terminal|Building|Zone|Series|Column|Row|Hall|Wing|"
    "Item|Case"
)

# of scientific journals: as an adjective, and as the last word where that is another
JOURNAL_WORDS = parse_table(
    "J=Journal; N=New; Acad=Academy; Am=American; Amer=American; Anal=Analytical; Ann=Annals; Appl=Applied; Astron=Astronomical,Astronomy; "
    "Astrophys=Astrophysical,Astrophysics; Biol=Biological,Biology; Br=British; Brit=British; Bull=Bulletin; Chem=Chemical,Chemistry; Clin=Clinical; "
    "Commun=Communications; Econ=Economic,Economics; Engl=England; Environ=Environmental; Eur=European; Genet=Genetics; "
    "Geophys=Geophysical,Geophysics; Immunol=Immunology; Int=International; Lett=Letters; Mater=Materials; Math=Mathematical,Mathematics; "
    "Med=Medical,Medicine; Mol=Molecular; Nat=Nature; Natl=National; Neurosci=Neuroscience; Opt=Optics; Phys=Physical,Physics; "
    "Physiol=Physiology; Proc=Proceedings; Psychol=Psychological,Psychology; Res=Research; Rev=Review,Reviews; Roy=Royal; Sci=Science,Sciences; Soc=Society; "
    "Surg=Surgery; Trans=Transactions"
)

# --- games and crafts -------------------------------------------------------------------------------------------------

CHESSMEN = parse_table("K=king; Q=queen; R=rook; B=bishop; N=knight")
STITCHES = parse_table(
    "sl st=slip stitch; st=stitch; sc=single crochet; dc=double crochet; hdc=half double crochet; "
    "inc=increase; dec=decrease; ch=chain; yo=yarn over; rep=repeat; Rep=Repeat; Rnd=Round; rnd=round; CO=cast on; BO=bind off"
)

# --- Roman numerals ---------------------------------------------------------------------------------------------------

NUMBERED = (
    "Tier|Algebra|Calculus|Physics|Chemistry|Biology|Engineer|Analyst|"
    "Chapter|Book|Part|Volume|Act|Scene|Section|Article|Canto|Psalm|Appendix|Figure|Table|Plate|Phase|Stage|Class|"
    "Type|Level|Title|War|Bowl|Number|Chapters|Books|Parts|Volumes|Sections|Amendment|Episode|Vatican|Division|"
    "Schedule|Factor"
)
NEVER_BEFORE_I = _set("Chapter Act Scene Volume Section War Phase Type Class Stage Level Schedule Division")
RULERS = (
    "Adrian|Albert|Alexander|Alfonso|Alfred|Anne|Artaxerxes|Baldwin|Benedict|Boniface|Carl|Carlos|Casimir|Catherine|"
    "Charles|Christian|Clement|Conrad|Constantine|Darius|David|Edmund|Edward|Elizabeth|Eric|Ferdinand|Francis|"
    "Frederick|George|Gregory|Gustav|Gustavus|Haakon|Harold|Henry|Innocent|Isabella|Ivan|James|John|Joseph|Juan|"
    "Julius|Leo|Leopold|Louis|Magnus|Margaret|Maria|Mary|Maximilian|Michael|Napoleon|Nicholas|Olaf|Oscar|Otto|Paul|"
    "Pedro|Peter|Philip|Pius|Ptolemy|Rameses|Ramses|Richard|Robert|Rudolf|Rudolph|Sigismund|Sixtus|Stephen|Theodore|"
    "Umberto|Urban|Victor|Wilhelm|William|Xerxes|Emmanuel|Felipe|Harald|Alexios|Thutmose|Amenhotep|Mehmed|Selim|"
    "Murad|Charlemagne|Abdullah|Mohammed|Muhammad|Ludwig|Ramesses|Cleopatra|Justinian|Margrethe|Hassan|Hussein|Gustaf|Carol|"
    "Tutankhamun|Seti|Amenemhat|Abbas|Afonso|Ahmed|Louis-Philippe|Manuel|Mustafa|Osman|Philippe|Suleiman|Vittorio|Darius|Bayezid|Mahmud|Franz"
)

# --- dates ------------------------------------------------------------------------------------------------------------

MONTHS = _words("January February March April May June July August September October November December")
MONTH_ABBREVIATIONS = _words("Jan Feb Mar Apr Aug Sept Sep Oct Nov Dec")
WEEKDAYS = _words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
WEEKDAY_BY_PREFIX = {day[:3]: day for day in WEEKDAYS}
DIRECTIONS = parse_table("N=north; S=south; E=east; W=west")

# before chapter and verse
BIBLE = (
    "Genesis|Exodus|Leviticus|Numbers|Deuteronomy|Joshua|Judges|Ruth|Samuel|Kings|Chronicles|Job|Psalms?|Proverbs|"
    "Ecclesiastes|Isaiah|Jeremiah|Ezekiel|Daniel|Matthew|Mark|Luke|John|Acts|Romans|Corinthians|Galatians|Ephesians|"
    "Philippians|Colossians|Thessalonians|Timothy|Hebrews|James|Peter|Revelation|Ezra|Nehemiah|Esther|Song of Solomon|Song of Songs|"
    "Lamentations|Hosea|Qur'an|Quran|Koran|Surah|Joel|Amos|Obadiah|Jonah|Micah|Nahum|Habakkuk|Zephaniah|Haggai|Zechariah|Malachi|Titus|Philemon|Jude"
)
BIBLE_ABBREVIATIONS = parse_table(
    "Gen=Genesis; Gn=Genesis; Ex=Exodus; Exod=Exodus; Lev=Leviticus; Num=Numbers; Deut=Deuteronomy; Dt=Deuteronomy; Josh=Joshua; Judg=Judges; Sam=Samuel; "
    "Ps=Psalm; Pss=Psalms; Prov=Proverbs; Eccl=Ecclesiastes; Isa=Isaiah; Jer=Jeremiah; Ezek=Ezekiel; Dan=Daniel; "
    "Matt=Matthew; Mt=Matthew; Mk=Mark; Lk=Luke; Jn=John; Rom=Romans; Cor=Corinthians; Gal=Galatians; Eph=Ephesians; Phil=Philippians; "
    "Col=Colossians; Chron=Chronicles; Chr=Chronicles; Thess=Thessalonians; Mic=Micah; Hos=Hosea; Lam=Lamentations; Tim=Timothy; Heb=Hebrews; Pet=Peter; Pt=Peter; Mal=Malachi; Neh=Nehemiah; Hab=Habakkuk; Zech=Zechariah; Zeph=Zephaniah; Rev=Revelation"
)

# --- amounts ----------------------------------------------------------------------------------------------------------

# symbol: one, several, one hundredth, several hundredths
CURRENCIES = {
    symbol: tuple(words.split(","))
    for symbol, words in parse_table(
        "$=dollar,dollars,cent,cents; \u00a3=pound,pounds,penny,pence; \u20ac=euro,euros,cent,cents; "
        "\u00a5=yen,yen,sen,sen; \u20b9=rupee,rupees,paisa,paise; \u20a9=won,won,jeon,jeon; "
        "\u20bd=ruble,rubles,kopeck,kopecks; \u20ba=lira,lira,kurus,kurus; \u20aa=shekel,shekels,agora,agorot; "
        "\u20ab=dong,dong,xu,xu; \u20b4=hryvnia,hryvnias,kopeck,kopecks; \u20a6=naira,naira,kobo,kobo; "
        "\u0e3f=baht,baht,satang,satang; \u20b1=peso,pesos,centavo,centavos; \u20bf=bitcoin,bitcoins,,; "
        "C$=Canadian dollar,Canadian dollars,cent,cents; CA$=Canadian dollar,Canadian dollars,cent,cents; "
        "A$=Australian dollar,Australian dollars,cent,cents; AU$=Australian dollar,Australian dollars,cent,cents; "
        "NZ$=New Zealand dollar,New Zealand dollars,cent,cents; HK$=Hong Kong dollar,Hong Kong dollars,cent,cents; "
        "US$=U S dollar,U S dollars,cent,cents; MX$=Mexican peso,Mexican pesos,centavo,centavos; "
        "NT$=Taiwan dollar,Taiwan dollars,cent,cents; S$=Singapore dollar,Singapore dollars,cent,cents; R$=real,reais,centavo,centavos; "
        "Rs.=rupee,rupees,paisa,paise; Rs=rupee,rupees,paisa,paise; USD=U S dollar,U S dollars,cent,cents; "
        "EUR=euro,euros,cent,cents; GBP=British pound,British pounds,penny,pence; JPY=Japanese yen,Japanese "
        "yen,sen,sen; INR=Indian rupee,Indian rupees,paisa,paise; CNY=Chinese yuan,Chinese yuan,fen,fen; "
        "RMB=yuan,yuan,fen,fen; CHF=Swiss franc,Swiss francs,centime,centimes; CAD=Canadian dollar,Canadian "
        "dollars,cent,cents; AUD=Australian dollar,Australian dollars,cent,cents; NZD=New Zealand dollar,New Zealand "
        "dollars,cent,cents; HKD=Hong Kong dollar,Hong Kong dollars,cent,cents; SGD=Singapore dollar,Singapore "
        "dollars,cent,cents; KRW=Korean won,Korean won,jeon,jeon; SEK=Swedish krona,Swedish kronor,ore,ore; "
        "NOK=Norwegian krone,Norwegian kroner,ore,ore; DKK=Danish krone,Danish kroner,ore,ore; PLN=Polish "
        "zloty,Polish zlotys,grosz,groszy; MXN=Mexican peso,Mexican pesos,centavo,centavos; BRL=Brazilian "
        "real,Brazilian reais,centavo,centavos; RUB=Russian ruble,Russian rubles,kopeck,kopecks; TRY=Turkish "
        "lira,Turkish lira,kurus,kurus; ZAR=South African rand,South African rand,cent,cents; "
        "BTC=bitcoin,bitcoins,,; ETH=ether,ether,,; kr=krone,kroner,ore,ore; AED=dirham,dirhams,fils,fils"
    ).items()
}
# the first word takes the plural unless a form is given after a comma
UNITS = parse_table(
    "kph=kilometer per hour; kmh=kilometer per hour; mph=mile per hour; kbps=kilobit per second; Kbps=kilobit per "
    "second; Mbps=megabit per second; Gbps=gigabit per second; fps=frame per second; rpm=R P M,R P M; BPM=beat per minute; PSI=P S I,P S I; RPM=R P M,R P M; dpi=D P I,D P "
    "I; ppi=P P I,P P I; ppm=part per million; ppb=part per billion; psi=P S I,P S I; bpm=beat per minute; mpg=mile "
    "per gallon; kn=knot; kt=knot; kts=knot; km=kilometer; cm=centimeter; mm=millimeter; m=meter; nm=nanometer; \u00b5m=micrometer; "
    "dm=decimeter; ft=foot; yd=yard; yds=yard; mi=mile; nmi=nautical mile,nautical miles; sq ft=square foot; sq "
    "m=square meter; sq km=square kilometer; sq mi=square mile; sq in=square inch; sq yd=square yard; sqft=square "
    "foot; cu ft=cubic foot; cu m=cubic meter; cu in=cubic inch; cc=C C,C C; gsm=gram per square meter; ha=hectare; ac=acre; kg=kilogram; gm=gram; gms=gram; gr=gram; "
    "mg=milligram; g=gram; \u00b5g=microgram; \u00b5L=microliter; \u00b5l=microliter; "
    "\u00b5M=micromolar,micromolar; mM=millimolar,millimolar; nM=nanomolar,nanomolar; \u00b5V=microvolt; \u00b5A=microamp; "
    "ng=nanogram; pg=picogram; kDa=kilodalton; inHg=inch of mercury,inches of mercury; mcg=microgram; lb=pound; lbs=pound; oz=ounce; fl oz=fluid ounce; "
    "ml=milliliter; mL=milliliter; cl=centiliter; cL=centiliter; dl=deciliter; dL=deciliter; l=liter; L=liter; "
    "gal=gallon; qt=quart; pt=pint; tsp=teaspoon; Tsp=teaspoon; tbsp=tablespoon; Tbsp=tablespoon; hr=hour; hrs=hour; "
    "h=hour; min=minute; mins=minute; sec=second; secs=second; ms=millisecond; \u00b5s=microsecond; ns=nanosecond; "
    "yr=year; yrs=year; wk=week; wks=week; mo=month; mos=month; Hz=hertz; kHz=kilohertz; MHz=megahertz; "
    "GHz=gigahertz; THz=terahertz; hz=hertz; khz=kilohertz; mhz=megahertz; ghz=gigahertz; kb=kilobyte; mb=megabyte; gb=gigabyte; "
    "tb=terabyte; mbps=megabit per second; gbps=gigabit per second; MPH=mile per hour; KM=kilometer; KG=kilogram; CM=centimeter; "
    "LB=pound; LBS=pound; OZ=ounce; FL OZ=fluid ounce; FT=foot; MIN=minute; MINS=minute; HRS=hour; bbl=barrel; ML=milliliter; MG=milligram; Mb=megabit; Mbit=megabit; Gbit=gigabit; KB=kilobyte; kB=kilobyte; "
    "MB=megabyte; GB=gigabyte; TB=terabyte; PB=petabyte; KiB=kibibyte; MiB=mebibyte; GiB=gibibyte; mW=milliwatt; "
    "W=watt; kW=kilowatt; MW=megawatt; GW=gigawatt; Wh=watt hour,watt hours; kWh=kilowatt hour,kilowatt hours; "
    "MWh=megawatt hour,megawatt hours; GWh=gigawatt hour,gigawatt hours; TWh=terawatt hour,terawatt hours; "
    "mV=millivolt; V=volt; kV=kilovolt; mA=milliamp; mAh=milliamp hour,milliamp hours; Ah=amp hour,amp hours; "
    "dB=decibel; dBA=decibel; dBm=D B M,D B M; TeV=tera electron volt,tera electron volts; ppt=part per trillion; Mpc=megaparsec; kpc=kiloparsec; "
    "kyr=thousand years,thousand years; Myr=million years,million years; Gyr=billion years,billion years; Pa=pascal; kPa=kilopascal; hPa=hectopascal; MPa=megapascal; "
    "GPa=gigapascal; mbar=millibar; mmHg=millimeter of mercury; N=newton; kN=kilonewton; Nm=newton meter,newton "
    "meters; J=joule; kJ=kilojoule; MJ=megajoule; cal=calorie; kcal=kilocalorie; Cal=calorie; BTU=B T U; "
    "hp=horsepower,horsepower; HP=horsepower,horsepower; ohm=ohm; kohm=kilohm; Mohm=megohm; atm=atmosphere; VDC=volt "
    "D C,volts D C; VAC=volt A C,volts A C; \u00b5F=microfarad; pF=picofarad; nF=nanofarad; eV=electron "
    "volt,electron volts; keV=kilo electron volt,kilo electron volts; MeV=mega electron volt,mega electron volts; "
    "GeV=giga electron volt,giga electron volts; px=pixel; pts=point; pp=page; MP=megapixel; mol=mole; mmol=millimole; nmol=nanomole; \u00b5mol=micromole; Kg=kilogram; Km=kilometer; Mhz=megahertz; Ghz=gigahertz; "
    "Khz=kilohertz; KHz=kilohertz; KW=kilowatt; KWh=kilowatt hour,kilowatt hours; TW=terawatt; GJ=gigajoule; TJ=terajoule; mJ=millijoule; "
    "kA=kiloamp; Gb=gigabit; db=decibel; hl=hectoliter; hL=hectoliter; cwt=hundredweight,hundredweight; Gy=gray; mGy=milligray; "
    "\u00b5Sv=microsievert; fl.oz=fluid ounce; mohm=milliohm; lm=lumen; lx=lux,lux; "
    "Sv=sievert; mSv=millisievert; Bq=becquerel; ly=light year,light years; kly=thousand light years,thousand light years; Mly=million light years,million light years; Gly=billion light years,billion light years; au=astronomical unit,astronomical units; "
    "AU=astronomical unit,astronomical units; doz=dozen,dozen; pcs=piece; bps=basis point,basis points; bp=basis point,basis points; wpm=word per minute; lb-ft=pound-foot,pound-feet; ft-lb=foot-pound; qts=quart; Tbs=tablespoon; TSP=teaspoon; TBSP=tablespoon; T=tesla"
)
# after "a 5 km": not a noun that the amount belongs to
NOT_NOUNS = _set(
    "a about above across after ago ahead all along also although always an and any apart are around as at away "
    "back be because been before behind below between beyond but by can could did do does down during each else "
    "enough ever every except for from further had has have he her here him his how i if in inside instead into "
    "is it its just later left less like longer many may me might more most much must my near never next no nor "
    "not now of off on once one only onto or our out outside over part past per plus quite rather remain remains "
    "right she should since so some sometimes still such than that the their them then there these they this "
    "those though through thus till to today together tomorrow too toward towards under unless until up upon us "
    "very via was we went were what when where whether which while who whose why will with within without would "
    "late early twice once daily yesterday yet you your north south east west northeast northwest southeast southwest short off apiece "
    "thereafter downstream upstream inland pregnant old northward southward eastward westward northeastward northwestward southeastward southwestward"
)
SIDES = parse_table("W=wide; D=deep; H=high; L=long")  # "10\"W"
RUNWAYS = parse_table("L=left; R=right; C=center")
TEMPERATURES = parse_table("C=Celsius; F=Fahrenheit; K=kelvin")
# amounts of these are not singular before what they measure: "5 kg sugar"
SUBSTANCE_UNITS = _set(
    "kg g mg \u00b5g mcg lb lbs oz ml mL l L cl cL dl dL gal qt pt tsp tbsp Tsp Tbsp Tbs cc pcs doz h hr hrs sec"
)
# "6 ft tall", "10 ft x 12 ft"
DIMENSIONS = _set(
    "old wide long tall deep high thick broad big home x by times city highway combined prior earlier total extra tonight "
    "free afterward afterwards thereafter beforehand straight max maximum min minimum"
)
# "60 mph winds", "100 m hurdles": nouns before which an amount is singular, whatever stands before it
MEASURED_NOUNS = _set(
    "bag bags battery batteries bottle bottles bulb bulbs winds angles lens lenses screens fences walls nails pipes tanks "
    "bucket buckets tumbler tumblers mug mugs jug jugs bowl bowls flask flasks pouch pouches can cans jar jars tin tins pack packs package packages packet packets box boxes carton cartons steak steaks burger "
    "burgers fillet fillets container containers hurdles bill bills note notes coin coins fine lawsuit deal budget prize reward ticket tickets loan mortgage grant "
    "tablet tablets capsule capsules caplet caplets pill pills vial vials patch patches sachet sachets syringe syringes "
    "relay relays salary bonus service window lunch dinner contract contracts agreement extension dose doses spoonful spoonfuls"
)
# of which there are millions rather than so many in meters: "2m jobs"
MILLIONS = _set(
    "jobs euros dollars pounds doses tonnes tons cases deaths households homes barrels shares units copies records streams "
    "plays tests vaccines vaccinations birds trees acres visitors investors doctors families refugees migrants children "
    "businesses downloads votes customers guests travelers travellers tourists hectares litres liters gallons tickets "
    "messages emails texts calls searches posts tweets visits hits books songs cars vehicles phones passengers pupils babies machines Americans Britons"
)
# before a number that names them: "Step 3 - 15 minutes" is no range
NUMBERED_NOUNS = _set(
    "day week step part phase module lesson episode round task exercise table chapter section option unit "
    "route level room building flight question problem item tip rule stage act scene game match set number no "
    "chapter class grade group"
)
# what is counted: "1234 people", "10M users"
COUNTED = _set("people men women children feet teeth mice geese sheep fish deer cattle police staff species")
# end in s, but are no plurals of things counted
NO_PLURALS = _set(
    "as was is has this his its us does yes thus plus versus less perhaps always sometimes besides towards across "
    "ours hers theirs yours alas unless whereas is afterwards elections olympics games census crisis rumors talks "
    "riots sees saw marks brings shows gives becomes comes takes makes remains seems begins ends sales results "
    "campus olympus"
)
YEAR_BEFORE = _set(
    "in since by until till from during before after the of early late mid circa around year years summer winter "
    "spring autumn fall year's between a an"
) | frozenset(month.lower() for month in MONTHS)
COUNT_BEFORE = _set("nearly almost exactly least most than another have has had all")

# "the 80s" and "wait 30s"
DECADE_BEFORE = (
    r"(?i)\b(?:the|his|her|their|my|your|our|its|early|mid|late|of|\d{2,4}'?s (?:and|to|or)|\w+ies (?:and|to|"
    r"or))[\s-]$|[A-Za-z]-$"
)
SECONDS_BEFORE = (
    r"(?i)[=:]\s?$|"
    r"\b(?:rest|plank|hold|wait\w*|for|in|after|every|takes?|took|within|about|under|over|at|than|last\w*|minutes?|hours?|timeout (?:to|is|of))\s$"
)
SECONDS_AFTER = r"\s(?:on(?=,)|off\b|rest|plank|work|sprint|hold|timer|delay|timeout|video|clip|ad|pause|later|left|remaining|interval|long|ago|per)\b"

# --- addresses --------------------------------------------------------------------------------------------------------

DOMAINS = r"com|COM|ORG|org|net|edu|gov|io|(?:ac|co|org|gov)\.uk|ai|dev|info|app|co|de|fr|eu|us|ca|uk|tv|me"
EXTENSIONS = _set(
    "md js ts py html htm css txt pdf jpg jpeg png exe xml csv tsv sql php rb cpp docx xlsx pptx doc mp mp3 mp4 "
    "wav svg yml sh json zip toml cfg rs ini log gz tar ogg flac yaml dll bat dat db epub gif webp tex ipynb pt "
    "onnx"
)
EXTENSIONS_AS_WORDS = _set("jpeg wav json zip toml log tar flac yaml bat gif tex dat doc")
