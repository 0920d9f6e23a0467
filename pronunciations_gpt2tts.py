# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
r"""
How words are pronounced that the G2P packages misread: names, brands, words of other languages, and words whose
pronunciation their neighbours tell ("a lead pipe", "bass guitar", "your resume").

Pronunciations are written once for both accents: American, in the alphabet of `misaki`, where `ɑː` is the vowel of "spa",
which is British too, and `ɑ` that of "lot", which British English rounds. [`to_british`] makes the British ones.
"""

import functools
import re
from collections.abc import Iterator, Mapping

from .text_tables_gpt2tts import parse_table

_VOWELS = "AIOWYQaæɑɒɔəɛɜɪiʊuʌᵊᵻ"
# vowels as they are before an r, which is heard before vowels only
_BEFORE_R = parse_table("ɜ=ɜː; ɑ=ɑː; ɑː=ɑː; ɔ=ɔː; ɛ=ɛː; ɪ=ɪə; i=ɪə; ʊ=ʊə; ə=ə")

_WORDS = parse_table(
    # acronyms that are words, and words that are read as others
    "bases=bˈAsᵻz; crispr=kɹˈɪspəɹ; cuda=kˈudə; ebitda=ˈibɪtdˌɑː; fico=fˈIkO; gaap=ɡˈæp; invalid=ɪnvˈælᵻd; maga=mˈɑːɡə; "
    "noaa=nˈOə; nsaid=ˈɛnsˌɛd; nsaids=ˈɛnsˌɛdz; oxfam=ˈɑksfˌæm; reit=ɹˈit; reits=ɹˈits; yaml=jˈæmᵊl; "
    # interjections, and what is written without its apostrophes
    "aah=ˈɑː; arent=ˈɑːɹənt; argh=ˈɑːɹɡ; brr=bɹ; brrr=bɹ; btw=bˌi tˌi dˈʌbᵊljˌu; ceo=sˌi ˌi ˈO; ceos=sˌi ˌi ˈOz; "
    "couldnt=kˈʊdənt; diy=dˌi ˌI wˈI; diyer=dˌi ˌI wˈIəɹ; dont=dˈOnt; ehh=ˈɛ; eww=ˈu; faq=fˈæk; fyi=ˌɛf wˌI ˈI; "
    "grr=ɡɹ; hahaha=hˌɑːhɑːhˈɑː; hasnt=hˈæzənt; hehe=hˌihˈi; hm=hˈəm; hmm=hˈəm; idk=ˌI dˌi kˈA; imho=ˌI ˌɛm ˌAʧ ˈO; "
    "imo=ˌI ˌɛm ˈO; isnt=ˈɪzənt; lmao=ˌɛl ˌɛm ˌA ˈO; mhm=mhˈʌm; might've=mˈITəv; mm=ˈʌm; mm-hmm=ˌʌmhˈʌm; mmm=ˈʌm; "
    "must've=mˈʌstəv; nuh=nˈʌ; nyc=ˌɛn wˌI sˈi; ohhh=ˈO; omg=ˌO ˌɛm ʤˈi; pfft=pft; pls=plˈiz; plz=plˈiz; ppl=pˈipᵊl; "
    "psst=pst; sh=ʃ; shh=ʃ; shhh=ʃ; should've=ʃˈʊdəv; shouldnt=ʃˈʊdənt; that'd=ðˈæTəd; there'd=ðˈɛɹəd; "
    "there're=ðˈɛɹəɹ; theyre=ðˈɛɹ; this'd=ðˈɪsəd; thx=θˈæŋks; tis=tɪz; tldr=tˌi ˌɛl dˌi ˈɑːɹ; twas=twˈʌz; uhm=ˈʌm; "
    "urgh=ˈɜɹɡ; wasnt=wˈʌzənt; werent=wˈɜɹənt; what'd=wˈʌTəd; what're=wˈʌTəɹ; who're=hˈuəɹ; who've=hˈuv; whoo=wˈu; "
    "woah=wˈO; would've=wˈʊdəv; wouldnt=wˈʊdənt; wtf=dˈʌbᵊljˌu tˌi ˈɛf; youll=jˈul; youre=jˈʊɹ; "
    # given names
    "abner=ˈæbnəɹ; abram=ˈAbɹəm; adaline=ˈædəlIn; adele=ədˈɛl; aditya=ɑːdˈɪtjə; adolf=ˈAdɑlf; adolph=ˈAdɑlf; "
    "adrien=ˈAdɹiən; adrienne=ˌAdɹiˈɛn; aida=Iˈidə; aileen=Ilˈin; aisha=Iˈiʃə; ajay=ˈʌʤA; alastair=ˈæləstəɹ; "
    "alejandro=ˌæləhˈɑːndɹO; alessandra=ˌælɪsˈɑːndɹə; alessandro=ˌælɪsˈɑːndɹO; alexandre=ˌælɪksˈɑːndɹə; alfie=ˈælfi; "
    "alfonso=ælfˈɑnsO; alicia=əlˈɪʃə; alistair=ˈælɪstəɹ; alphonse=ælfˈɑns; alvaro=ˈælvəɹO; amanda=əmˈændə; "
    "amelie=ˈæməli; amit=əmˈɪt; anand=ˈɑːnənd; andre=ˈɑːndɹA; andrea=ˈændɹiə; andreas=ɑːndɹˈAəs; andrei=ˈɑːndɹA; "
    "andres=ɑːndɹˈAz; andrey=ˈɑːndɹA; angela=ˈænʤələ; angelique=ˌɑːnʒəlˈik; angelo=ˈænʤəlO; angelou=ˈænʤəlO; "
    "anita=ənˈiTə; annabel=ˈænəbɛl; annabelle=ˈænəbɛl; anneliese=ˈænəlis; annette=ənˈɛt; antoine=ɑntwˈɑːn; "
    "anya=ˈɑːnjə; aoife=ˈifə; aretha=əɹˈiθə; ariana=ˌɑːɹiˈɑːnə; arjun=ˈɑːɹʤʊn; arlene=ɑːɹlˈin; arturo=ɑːɹtˈʊɹO; "
    "arun=ɑːɹˈun; asha=ˈɑːʃə; ashok=əʃˈOk; asif=əsˈif; auguste=Oɡˈust; aurelia=ɔɹˈiliə; ava=ˈAvə; avery=ˈAvəɹi; "
    "aziz=əzˈiz; baptiste=bætˈist; barack=bəɹˈɑːk; bartholomew=bɑːɹθˈɑləmju; bashar=bəʃˈɑːɹ; beatriz=bˈiətɹɪs; "
    "benito=bənˈiTO; benoit=bənwˈɑː; bernhard=bˈɜɹnhɑːɹt; bette=bˈɛTi; bianca=biˈɑːŋkə; bilal=bɪlˈɑːl; "
    "blanca=blˈɑːŋkə; brianna=bɹiˈænə; brigitte=bɹɪʤˈit; bronte=bɹˈɑnti; cameron=kˈæməɹən; camila=kəmˈilə; "
    "camilla=kəmˈilə; camille=kəmˈil; caoimhe=kˈivə; cara=kˈɑːɹə; carlotta=kɑːɹlˈɑTə; carmelo=kɑːɹmˈɛlO; "
    "carmen=kˈɑːɹmən; carole=kˈæɹᵊl; carroll=kˈæɹᵊl; catherine=kˈæθɹɪn; catriona=kətɹˈinə; cecil=sˈisᵊl; "
    "cecile=səsˈil; cecilia=səsˈiliə; celeste=səlˈɛst; celia=sˈiliə; celine=səlˈin; cesar=sˈAzɑːɹ; cesare=ʧˈAzəɹA; "
    "charlene=ʃɑːɹlˈin; charlize=ʃɑːɹlˈiz; cherie=ʃəɹˈi; cheryl=ʃˈɛɹᵊl; chiara=kiˈɑːɹə; chloe=klˈOi; "
    "christine=kɹɪstˈin; christophe=kɹistˈɔf; cian=kˈiən; ciara=siˈɛɹə; ciaran=kˈiɹən; cillian=kˈɪliən; clara=klˈɛɹə; "
    "clarissa=kləɹˈɪsə; claudio=klˈWdiO; clemente=kləmˈɛntA; colm=kˈɑləm; conan=kˈOnən; conrad=kˈɑnɹæd; "
    "cosette=kOzˈɛt; cristiano=kɹɪstiˈɑːnO; dafydd=dˈævɪð; damian=dˈAmiən; dana=dˈAnə; daniela=dænjˈɛlə; "
    "daniella=dænjˈɛlə; danielle=dænjˈɛl; dara=dˈɑːɹə; daria=dˈɑːɹiə; dario=dˈɑːɹiO; darius=dəɹˈIəs; "
    "darlene=dɑːɹlˈin; darryl=dˈɛɹᵊl; daryl=dˈɛɹᵊl; deandre=diˈɑːndɹA; declan=dˈɛklən; deja=dˈAʒɑː; delia=dˈiliə; "
    "demetrius=dəmˈitɹiəs; dermot=dˈɜɹmət; diego=diˈAɡO; dieter=dˈiTəɹ; dietrich=dˈitɹɪk; dimitri=dəmˈitɹi; "
    "dinah=dˈInə; dmitri=dəmˈitɹi; dmitry=dəmˈitɹi; dolores=dəlˈɔɹəs; domingo=dəmˈɪŋɡO; dominic=dˈɑmɪnɪk; "
    "dominique=dˌɑmɪnˈik; donald=dˈɑnᵊld; doreen=dɔɹˈin; dorothea=dˌɔɹəθˈiə; dorothy=dˈɔɹəθi; duane=dwˈAn; "
    "dylan=dˈɪlən; eamon=ˈAmən; ebenezer=ˌɛbənˈizəɹ; eduardo=ɛdwˈɑːɹdO; eileen=Ilˈin; eilidh=ˈAli; eleanor=ˈɛlənɔɹ; "
    "elena=ɪlˈAnə; elie=ˈɛli; eliot=ˈɛliət; elisa=ɪlˈisə; elisabeth=ɪlˈɪzəbəθ; elise=ɪlˈis; eliza=ɪlˈIzə; "
    "eloise=ˈɛlOiz; elvira=ɛlvˈIɹə; emanuel=ɪmˈænjuəl; emerson=ˈɛməɹsən; emil=ˈAmil; emile=Amˈil; emilie=ˈɛməli; "
    "emory=ˈɛməɹi; enrico=ɛnɹˈikO; enrique=ɛnɹˈikA; enzo=ˈɛnzO; eoghan=ˈOən; eoin=ˈOɪn; erich=ˈɛɹɪk; errol=ˈɛɹᵊl; "
    "esme=ˈɛzmi; ethel=ˈɛθᵊl; etienne=ˌɛtiˈɛn; evan=ˈɛvən; evangeline=ɪvˈænʤəlin; evelyn=ˈɛvəlɪn; felicia=fəlˈiʃə; "
    "felipe=fəlˈipA; fernanda=fəɹnˈændə; fernando=fəɹnˈændO; fiona=fiˈOnə; francesca=fɹænʧˈɛskə; "
    "francesco=fɹænʧˈɛskO; francine=fɹænsˈin; francois=fɹɑːnswˈɑː; francoise=fɹɑːnswˈɑːz; frans=fɹˈɑːns; "
    "franz=fɹˈɑːnts; frederic=fɹˈɛdəɹɪk; friedrich=fɹˈidɹɪk; gabriela=ɡˌɑːbɹiˈɛlə; gabriella=ɡˌɑːbɹiˈɛlə; "
    "gabrielle=ɡˌæbɹiˈɛl; gaius=ɡˈIəs; genevieve=ʤˈɛnəviv; geoffrey=ʤˈɛfɹi; georg=ɡˈAɔɹɡ; georges=ʒˈɔɹʒ; "
    "gerard=ʤəɹˈɑːɹd; gerhard=ɡˈɛɹhɑːɹt; gerrard=ʤəɹˈɑːɹd; gervais=ʤəɹvˈAz; giacomo=ʤˈɑːkəmO; gianluca=ʤɑːnlˈukə; "
    "gianna=ʤˈɑːnə; gianni=ʤˈɑːni; gigi=ʤˈiʤi; gillian=ʤˈɪliən; giorgio=ʤˈɔɹʤO; giovanna=ʤOvˈɑːnə; giovanni=ʤOvˈɑːni; "
    "giselle=ʤɪzˈɛl; giuseppe=ʤuzˈɛpi; gonzalo=ɡənzˈɑːlO; graeme=ɡɹˈAəm; grainne=ɡɹˈɔnjə; gregorio=ɡɹɪɡˈɔɹiO; "
    "guillaume=ɡijˈOm; guillermo=ɡijˈɛɹmO; gustav=ɡˈʊstɑːv; gustave=ɡˈʊstɑːv; gustavo=ɡʊstˈɑːvO; gwyneth=ɡwˈɪnəθ; "
    "hamid=hɑːmˈid; haruki=hɑːɹˈuki; harvey=hˈɑːɹvi; hasan=hˈɑːsən; hassan=həsˈɑːn; heinrich=hˈInɹɪk; henri=ɑːnɹˈi; "
    "hermione=həɹmˈIəni; hilary=hˈɪləɹi; hiroshi=hɪɹˈOʃi; hussain=husˈAn; hussein=husˈAn; ibrahim=ˈɪbɹəhim; "
    "ignacio=ɪɡnˈɑːsiO; ignatius=ɪɡnˈAʃəs; igor=ˈiɡɔɹ; ilya=ˈɪljə; imani=ɪmˈɑːni; imogen=ˈɪməʤən; imran=ˈɪmɹɑːn; "
    "ina=ˈInə; ines=inˈɛz; inez=inˈɛz; ingrid=ˈɪŋɡɹɪd; ioan=jˈOən; ira=ˈIɹə; irene=Iɹˈin; isabel=ˈɪzəbɛl; "
    "isabelle=ˈɪzəbɛl; isla=ˈIlə; isobel=ˈɪzəbɛl; isolde=ɪzˈOldə; itzhak=ˈɪtsɑːk; ivanka=ivˈɑːŋkə; iyad=ijˈɑːd; "
    "jacqueline=ʤˈækəlɪn; jacques=ʒˈɑːk; jaime=hˈImA; jamal=ʤəmˈɑːl; janelle=ʤənˈɛl; janine=ʤənˈin; javier=hˌɑːviˈɛɹ; "
    "jeanette=ʤənˈɛt; jeannette=ʤənˈɛt; jeong=ʤˈʌŋ; jermaine=ʤəɹmˈAn; jerome=ʤəɹˈOm; joachim=jˈOəkɪm; "
    "joaquin=wɑːkˈin; jocelyn=ʤˈɑsəlɪn; johan=jˈOhɑːn; johann=jˈOhɑːn; johannes=jOhˈɑːnəs; jong=ʤˈɔŋ; jorg=jˈɔɹɡ; "
    "jorge=hˈɔɹhA; jose=hOzˈA; josephus=ʤOsˈifəs; josue=hˌOswˈA; juan=wˈɑːn; juanita=wɑːnˈiTə; julianne=ʤˌuliˈæn; "
    "juliette=ʤˌuliˈɛt; julio=hˈuliO; jurgen=jˈɜɹɡən; justine=ʤʌstˈin; kabir=kəbˈiɹ; kamal=kəmˈɑːl; kara=kˈɑːɹə; "
    "kareem=kəɹˈim; kari=kˈɛɹi; karim=kəɹˈim; karina=kəɹˈinə; katharine=kˈæθɹɪn; katherine=kˈæθɹɪn; kathleen=kæθlˈin; "
    "katrina=kətɹˈinə; katya=kˈɑːtjə; keanu=kiˈɑːnu; keira=kˈiɹə; kendall=kˈɛndᵊl; khaled=kɑːlˈɛd; khalid=kɑːlˈid; "
    "khalil=kəlˈil; khloe=klˈOi; kiera=kˈiɹə; kieran=kˈiɹən; kira=kˈiɹə; kirsten=kˈɜɹstən; kristen=kɹˈɪstən; "
    "kumar=kʊmˈɑːɹ; lara=lˈɑːɹə; laurent=lɔɹˈɑːn; lazarus=lˈæzəɹəs; leah=lˈiə; leandro=liˈɑːndɹO; leona=liˈOnə; "
    "leonard=lˈɛnəɹd; leroy=lˈiɹY; lila=lˈIlə; lindsay=lˈɪnzi; lindsey=lˈɪnzi; lise=lˈis; liza=lˈIzə; "
    "llewellyn=luˈɛlɪn; lois=lˈOɪs; lorelei=lˈɔɹəlI; lorenzo=ləɹˈɛnzO; louisa=luˈizə; louise=luˈiz; luc=lˈuk; "
    "lucas=lˈukəs; luciano=lˌuʧiˈɑːnO; lucille=lusˈil; luigi=luˈiʤi; luis=luˈis; luisa=luˈizə; luiz=luˈiz; "
    "lukas=lˈukəs; lupe=lˈupA; lynette=lɪnˈɛt; madeline=mˈædəlɪn; mae=mˈA; maeve=mˈAv; mahmoud=mɑːmˈud; "
    "mairead=məɹˈAd; maisie=mˈAzi; malia=məlˈiə; mallory=mˈæləɹi; manuel=mˈænjuˌɛl; manuela=mænwˈɛlə; mara=mˈɑːɹə; "
    "marcelo=mɑːɹsˈɛlO; margaret=mˈɑːɹɡɹət; margot=mˈɑːɹɡO; maria=məɹˈiə; mariah=məɹˈIə; marianne=mˌɛɹiˈæn; "
    "marie=məɹˈi; marisa=məɹˈɪsə; marissa=məɹˈɪsə; maritza=məɹˈitsə; marjorie=mˈɑːɹʤəɹi; marlene=mɑːɹlˈin; "
    "martine=mɑːɹtˈin; massimo=mˈæsɪmO; mateo=mətˈAO; mathieu=mætjˈu; matteo=mətˈAO; matthieu=mætjˈu; maureen=mɔɹˈin; "
    "maurice=mɔɹˈis; mauricio=mɔɹˈisiO; mehdi=mˈɛdi; melania=məlˈɑːniə; melanie=mˈɛləni; melinda=məlˈɪndə; "
    "mercedes=məɹsˈAdiz; meryl=mˈɛɹᵊl; michaela=mɪkˈAlə; michel=mɪʃˈɛl; michele=mɪʃˈɛl; michelle=mɪʃˈɛl; "
    "miguel=mɪɡˈɛl; mikel=mˈIkᵊl; mikhail=mɪkhˈIl; mindy=mˈɪndi; miriam=mˈɪɹiəm; misha=mˈiʃə; mohamed=mOhˈæməd; "
    "mohammad=mOhˈæməd; mohammed=mOhˈæməd; moira=mˈYɹə; monique=mOnˈik; monty=mˈɑnti; mordecai=mˈɔɹdəkI; moshe=mˈOʃə; "
    "muhammed=mʊhˈæməd; mustafa=mˈʊstəfə; nadia=nˈɑːdiə; nadine=nAdˈin; naomi=nAˈOmi; narendra=nəɹˈɛndɹə; "
    "nasir=nəsˈiɹ; natalia=nətˈɑːliə; natalie=nˈæTəli; natasha=nətˈɑːʃə; nathalie=nˈæTəli; nathaniel=nəθˈænjəl; "
    "niamh=nˈiv; nicola=nˈɪkələ; nicolas=nˈɪkələs; nicole=nɪkˈOl; nikola=nˈɪkələ; noam=nˈOəm; noe=nOˈA; noelle=nOˈɛl; "
    "noemi=nOˈAmi; nuala=nˈulə; oisin=ʌʃˈin; olga=ˈOlɡə; olivia=əlˈɪviə; olivier=OlˈɪviA; omar=ˈOmɑːɹ; "
    "ophelia=əfˈiliə; oprah=ˈOpɹə; osama=Osˈɑːmə; otis=ˈOTɪs; padraig=pˈɔɹɪɡ; paloma=pəlˈOmə; pamela=pˈæmələ; "
    "paola=pˈWlə; paolo=pˈWlO; patrice=pətɹˈis; patricia=pətɹˈiʃə; pavel=pˈɑːvᵊl; pedro=pˈAdɹO; philippe=fɪlˈip; "
    "pierre=piˈɛɹ; pilar=pɪlˈɑːɹ; piotr=pjˈɔtəɹ; pooja=pˈuʤɑː; prakash=pɹəkˈɑːʃ; priya=pɹˈijə; quentin=kwˈɛntən; "
    "rachael=ɹˈAʧᵊl; rae=ɹˈA; rafael=ɹˌɑːfiˈɛl; raffaello=ɹˌæfIˈɛlO; raheem=ɹəhˈim; rajesh=ɹɑːʤˈɛʃ; ramon=ɹəmˈOn; "
    "raoul=ɹɑːˈul; raquel=ɹəkˈɛl; rashid=ɹəʃˈid; raul=ɹɑːˈul; rebekah=ɹəbˈɛkə; regan=ɹˈiɡən; reginald=ɹˈɛʤɪnᵊld; "
    "regis=ɹˈiʤɪs; remy=ɹˈɛmi; rene=ɹənˈA; renee=ɹənˈA; reynold=ɹˈɛnᵊld; reza=ɹˈAzə; rhiannon=ɹiˈænən; rhys=ɹˈis; "
    "rihanna=ɹiˈænə; roberta=ɹəbˈɜɹTə; roberto=ɹəbˈɜɹTO; rochelle=ɹəʃˈɛl; rodrigo=ɹədɹˈiɡO; rohan=ɹˈOən; "
    "roisin=ɹOʃˈin; romain=ɹOmˈAn; ronald=ɹˈɑnᵊld; rosalind=ɹˈɑzəlɪnd; roseanne=ɹOzˈæn; roxanne=ɹɑksˈæn; "
    "russell=ɹˈʌsᵊl; sacha=sˈæʃə; sachin=sˈʌʧɪn; sadiq=sɑːdˈik; saeed=sɑːˈid; salman=sˈælmɑːn; salvatore=sˌælvətˈɔɹA; "
    "sanjay=sˈʌnʤA; saoirse=sˈɜɹʃə; sara=sˈæɹə; scarlett=skˈɑːɹlət; seamus=ʃˈAməs; sean=ʃˈɔn; sebastian=səbˈæsʧən; "
    "selena=səlˈinə; selina=səlˈinə; serena=səɹˈinə; sergei=sˈɛɹɡA; sergey=sˈɛɹɡA; sergio=sˈɜɹʤiO; shakira=ʃəkˈiɹə; "
    "sheila=ʃˈilə; sigourney=sɪɡˈɔɹni; silas=sˈIləs; simone=sɪmˈOn; sinead=ʃɪnˈAd; siobhan=ʃɪvˈɔn; solange=sOlˈɑːnʒ; "
    "sonia=sˈOnjə; sonja=sˈOnjə; sonya=sˈOnjə; sophia=sOfˈiə; soren=sˈɔɹən; stefani=stˈɛfəni; sunil=sunˈil; "
    "suresh=sʊɹˈɛʃ; susannah=suzˈænə; suzanne=suzˈæn; syed=sˈIəd; sylvester=sɪlvˈɛstəɹ; tahir=təhˈiɹ; tamar=tˈAmɑːɹ; "
    "tamara=təmˈɑːɹə; tania=tˈɑːnjə; tara=tˈɑːɹə; tariq=tˈɑːɹɪk; tatiana=tˌɑːtiˈɑːnə; teresa=təɹˈisə; thea=θˈiə; "
    "theo=θˈiO; theodore=θˈiədɔɹ; theresa=təɹˈisə; therese=təɹˈɛs; thiago=tiˈɑːɡO; thierry=tjˈɛɹi; tiago=tiˈɑːɡO; "
    "tomas=təmˈɑːs; tricia=tɹˈiʃə; ulrich=ˈʊlɹɪk; umar=ˈumɑːɹ; umberto=ʊmbˈɛɹTO; una=ˈunə; uri=ˈʊɹi; ursula=ˈɜɹsjələ; "
    "usain=jˈusAn; valentina=vˌæləntˈinə; valerie=vˈæləɹi; vera=vˈɛɹə; vicente=vɪsˈɛntA; vijay=vˈiʤA; vikram=vˈɪkɹəm; "
    "vincenzo=vɪnʧˈɛnzO; vivienne=vˌɪviˈɛn; volodymyr=vˌɔlədˈɪmɪɹ; wally=wˈɑli; wanda=wˈɑndə; xavier=zˈAviəɹ; "
    "ximena=hɪmˈAnə; yolanda=jOlˈændə; yusuf=jˈusʊf; yves=ˈiv; yvette=ivˈɛt; yvonne=ivˈɑn; zachary=zˈækəɹi; "
    "zara=zˈɑːɹə; zlatan=zlˈɑːtən; zoe=zˈOi; "
    # surnames
    "acosta=əkˈɔstə; affleck=ˈæflɛk; aguero=ɑːɡwˈɛɹO; aguilar=ˌæɡɪlˈɑːɹ; aguilera=ˌæɡɪlˈɛɹə; alvarez=ˈælvəɹɛz; "
    "andrade=ɑːndɹˈɑːdA; angelopoulos=ˌændʒəlˈɑpələs; antetokounmpo=ˌɑːdətəkˈumpO; aquino=əkˈinO; assad=əsˈɑːd; "
    "assange=əsˈɑːnʒ; attenborough=ˈætənbəɹə; austen=ˈɔstɪn; baez=bIˈɛz; batista=bətˈistə; bautista=bɔtˈistə; "
    "beattie=bˈiTi; beauchamp=bˈiʧəm; beaufort=bˈOfəɹt; beckham=bˈɛkəm; beethoven=bˈAtOvən; berger=bˈɜɹɡəɹ; "
    "beyonce=biˈɑːnsA; bezos=bˈAzOs; bizet=bizˈA; blumenthal=blˈumənθɔl; boehner=bˈAnəɹ; bois=bwˈɑː; bonham=bˈɑnəm; "
    "borges=bˈɔɹhɛs; botticelli=bˌɑTɪʧˈɛli; bouchard=buʃˈɑːɹd; brandeis=bɹˈændIs; breitbart=bɹˈItbɑːɹt; "
    "buchanan=bjukˈænən; buckingham=bˈʌkɪŋəm; burnham=bˈɜɹnəm; busch=bˈʊʃ; buttigieg=bˈuTəʤˌɛʤ; byrd=bˈɜɹd; "
    "byrne=bˈɜɹn; byrnes=bˈɜɹnz; byron=bˈIɹən; cabrera=kəbɹˈɛɹə; calderon=kˌɔldəɹˈOn; calhoun=kælhˈun; "
    "callaghan=kˈæləhæn; camus=kæmˈu; carragher=kˈæɹəɡəɹ; caruso=kəɹˈusO; castillo=kæstˈijO; cervantes=səɹvˈæntiz; "
    "cezanne=sAzˈæn; chalmers=ʧˈɑːməɹz; chatham=ʧˈæTəm; chavez=ʧˈɑːvɛz; cheney=ʧˈAni; chiang=ʧˈæŋ; chisholm=ʧˈɪzəm; "
    "chopra=ʧˈOpɹə; choudhury=ʧˈWdɹi; clough=klˈʌf; coelho=kuˈɛljO; cohen=kˈOən; colbert=kOlbˈɛɹ; comey=kˈOmi; "
    "connell=kˈɑnᵊl; connery=kˈɑnəɹi; connolly=kˈɑnəli; correa=kəɹˈAə; cortez=kɔɹtˈɛz; costello=kɑstˈɛlO; "
    "courtois=kuɹtwˈɑː; cousteau=kustˈO; cowell=kˈWəl; crichton=kɹˈItən; cronin=kɹˈOnɪn; cunningham=kˈʌnɪŋəm; "
    "daenerys=dənˈɛɹɪs; daimler=dˈImləɹ; davila=dəvˈilə; debussy=dˌɛbjusˈi; degas=dAɡˈɑː; degeneres=dəʤˈɛnəɹəs; "
    "delevingne=dˈɛləvin; denham=dˈɛnəm; depardieu=dəpˌɑːɹdjˈɜː; derrida=dˌɛɹidˈɑː; desai=dəsˈI; diaz=dˈiæz; "
    "dicaprio=dɪkˈæpɹiO; djokovic=ʤˈOkəvɪʧ; doherty=dˈɔɹəti; dolan=dˈOlən; dominguez=dəmˈɪŋɡɛz; donaldson=dˈɑnᵊldsən; "
    "donoghue=dˈɑnəhju; dostoevsky=dˌɑstəjˈɛfski; dougherty=dˈɔɹTi; dubois=dubwˈɑː; duchamp=duʃˈɑːn; dunham=dˈʌnəm; "
    "dupont=djupˈɑnt; duterte=dutˈɛɹtA; dvorak=dvˈɔɹʒæk; ehrlich=ˈɛɹlɪk; engel=ˈɛŋɡᵊl; engels=ˈɛŋɡᵊlz; "
    "erdogan=ˈɛɹdəwɑːn; euler=ˈYləɹ; evans=ˈɛvənz; fallon=fˈælən; farage=fəɹˈɑːʒ; favre=fˈɑːɹv; federer=fˈɛdəɹəɹ; "
    "feinstein=fˈInstIn; ferreira=fəɹˈAɹə; flaubert=flObˈɛɹ; forrest=fˈɔɹəst; forster=fˈɔɹstəɹ; foucault=fukˈO; "
    "fourier=fˈʊɹiA; freud=fɹˈYd; fuchs=fjˈuks; fuentes=fwˈɛntAz; gaddafi=ɡədˈɑːfi; gallagher=ɡˈæləhəɹ; "
    "gandhi=ɡˈɑːndi; garcia=ɡɑːɹsˈiə; gauguin=ɡOɡˈæn; gaussian=ɡˈWsiən; geiger=ɡˈIɡəɹ; geller=ɡˈɛləɹ; gerber=ɡˈɜɹbəɹ; "
    "gillespie=ɡɪlˈɛspi; gilmour=ɡˈɪlmɔɹ; ginsberg=ɡˈɪnzbɜɹɡ; ginsburg=ɡˈɪnzbɜɹɡ; giroud=ʒɪɹˈu; giuliani=ʤˌuliˈɑːni; "
    "godard=ɡOdˈɑːɹ; goebbels=ɡˈɜɹbᵊlz; goethe=ɡˈɜɹtə; gogh=ɡˈO; gonzales=ɡənzˈɑːlɪs; gonzalez=ɡənzˈɑːlɪz; "
    "gorbachev=ɡˈɔɹbəʧɔf; gough=ɡˈɑf; grantham=ɡɹˈænθəm; guardiola=ɡwˌɑːɹdiˈOlə; guevara=ɡəvˈɑːɹə; guo=ɡwˈO; "
    "guterres=ɡutˈɛɹəs; gyllenhaal=ʤˈɪlənhɔl; haider=hˈIdəɹ; haydn=hˈIdən; hegel=hˈAɡᵊl; heidegger=hˈIdɪɡəɹ; "
    "hernandez=həɹnˈændɛz; herrera=həɹˈɛɹə; houghton=hˈOtən; howell=hˈWəl; hsu=ʃˈu; hua=hwˈɑː; huang=hwˈɑːŋ; "
    "hutchinson=hˈʌʧɪnsən; hwang=hwˈɑːŋ; hyun=hjˈʌn; hyung=hjˈʌŋ; ibrahimovic=ˌɪbɹəhˈimOvɪʧ; iglesias=ɪɡlˈAsiəs; "
    "inglis=ˈɪŋɡᵊlz; ingram=ˈɪŋɡɹəm; ishiguro=ˌɪʃɪɡˈʊɹO; jiang=ʤjˈɑːŋ; jimenez=hɪmˈɛnɛz; jinping=ʤɪnpˈɪŋ; "
    "johansson=jOhˈɑːnsən; jolie=ʤOlˈi; juarez=wˈɑːɹɛz; jung=jˈʊŋ; kaepernick=kˈæpəɹnɪk; kanye=kˈɑːnjA; "
    "kapoor=kəpˈʊɹ; kardashian=kɑːɹdˈæʃiən; kavanagh=kˈævənə; kerouac=kˈɛɹuæk; keynes=kˈAnz; khalifa=kəlˈifə; "
    "khrushchev=kɹˈuʃʧɔf; kierkegaard=kˈɪɹkəɡɑːɹd; kimball=kˈɪmbᵊl; klein=klˈIn; kobayashi=kˌObəjˈɑːʃi; koch=kˈOk; "
    "koenig=kˈAnɪɡ; krueger=kɹˈuɡəɹ; kruger=kɹˈuɡəɹ; kutcher=kˈʊʧəɹ; kyung=kjˈʌŋ; lagrange=ləɡɹˈɑːnʒ; "
    "landrieu=lˈændɹu; lange=lˈæŋ; leahy=lˈAhi; leblanc=ləblˈɑːŋk; lebron=ləbɹˈɑn; leibniz=lˈIbnɪts; levine=ləvˈin; "
    "lewandowski=lˌɛvəndˈɔfski; liang=ljˈɑːŋ; loughlin=lˈɑklɪn; macdonald=məkdˈɑnᵊld; macfarlane=məkfˈɑːɹlən; "
    "macgregor=məkɡɹˈɛɡəɹ; macintosh=mˈækɪntɑʃ; mackay=məkˈI; mackenzie=məkˈɛnzi; mackinnon=məkˈɪnən; "
    "maclean=məklˈAn; macleod=məklˈWd; macron=mækɹˈɔn; magee=məɡˈi; maguire=məɡwˈIəɹ; maher=mˈɑːɹ; mahoney=məhˈOni; "
    "malhotra=məlhˈOtɹə; malone=məlˈOn; maloney=məlˈOni; manet=mænˈA; martinez=mɑːɹtˈinɛz; matisse=mətˈis; "
    "mbappe=ɛmbˈæpA; mcconaughey=məkˈɑnəhˌA; mcconnell=məkˈɑnᵊl; mccullough=məkˈʌlə; mcdermott=məkdˈɜɹmət; "
    "mcdonnell=məkdˈɑnᵊl; mcdonough=məkdˈʌnə; mcdowell=məkdˈWəl; mcfarlane=məkfˈɑːɹlən; mcgee=məɡˈi; mcgough=məɡˈɔf; "
    "mcguinness=məɡˈɪnɪs; mcguire=məɡwˈIəɹ; mchugh=məkhjˈu; mcintosh=mˈækɪntɑʃ; mcintyre=mˈækɪntIəɹ; mckay=məkˈI; "
    "mclean=məklˈAn; mcleod=məklˈWd; mcmahon=məkmˈɑːn; mcnamara=mˈæknəmɑːɹə; mcneil=məknˈil; mcneill=məknˈil; "
    "medvedev=mɛdvˈAdɛf; menendez=mənˈɛndɛz; merkel=mˈɛɹkᵊl; meyer=mˈIəɹ; meyers=mˈIəɹz; miyazaki=mˌijəzˈɑːki; "
    "moliere=mˌOliˈɛɹ; monet=mOnˈA; montaigne=mɑntˈAn; montoya=mɑntˈYə; moreau=məɹˈO; moreno=məɹˈAnO; "
    "mourinho=mɔɹˈinjO; mozart=mˈOtsɑːɹt; mubarak=mubˈɑːɹək; mueller=mjˈuləɹ; mugabe=muɡˈɑːbi; mukherjee=mˈʊkəɹʤi; "
    "murakami=mˌʊɹəkˈɑːmi; murillo=mjʊɹˈɪlO; mussolini=mˌʊsəlˈini; nadal=nədˈɑːl; nadella=nədˈɛlə; "
    "nakamura=nˌɑːkəmˈʊɹə; naruto=nɑːɹˈuTO; navalny=nəvˈɑːlni; navarro=nəvˈɑːɹO; nehru=nˈɛɹu; netanyahu=nˌɛtənjˈɑːhu; "
    "neuer=nˈYəɹ; neumann=nˈYmən; neymar=nAmˈɑːɹ; nguyen=wˈɪn; nicholls=nˈɪkᵊlz; nichols=nˈɪkᵊlz; niro=nˈiɹO; "
    "o'brien=ObɹˈIən; o'connell=Okˈɑnᵊl; o'connor=Okˈɑnəɹ; o'donnell=Odˈɑnᵊl; o'hara=Ohˈɑːɹə; o'hare=Ohˈɛɹ; "
    "o'keefe=Okˈif; o'leary=Olˈɪɹi; o'malley=Omˈæli; o'neal=Onˈil; o'neill=Onˈil; o'reilly=OɹˈIli; o'rourke=Oɹˈɔɹk; "
    "o'shea=Oʃˈi; o'sullivan=Osˈʌlɪvən; o'toole=Otˈul; ocasio=OkˈɑːsiO; ochoa=OʧˈOə; oppenheimer=ˈɑpənhˌIməɹ; "
    "ortega=ɔɹtˈAɡə; ortiz=ɔɹtˈiz; padilla=pədˈijə; palin=pˈAlɪn; papadopoulos=pˌæpədˈɑpələs; pasteur=pæstˈɜɹ; "
    "patel=pətˈɛl; pele=pˈɛlA; pelosi=pəlˈOsi; pepys=pˈips; peralta=pəɹˈæltə; pereira=pəɹˈAɹə; persie=pˈɛɹsi; "
    "pfeiffer=fˈIfəɹ; phuong=fˈuɔŋ; pichai=pɪʧˈI; pikachu=pˈikəʧu; poincare=pwˈæŋkəɹA; poirot=pwɑːɹˈO; "
    "pompeo=pɑmpˈAO; powell=pˈWəl; proust=pɹˈust; puccini=puʧˈini; pugh=pjˈu; purcell=pɜɹsˈɛl; putin=pˈutɪn; qi=ʧˈi; "
    "ramirez=ɹəmˈiɹɛz; ramos=ɹˈɑːmOs; ramsay=ɹˈæmzi; ramsey=ɹˈæmzi; reagan=ɹˈAɡən; renoir=ɹənwˈɑːɹ; "
    "reynolds=ɹˈɛnᵊldz; ricci=ɹˈiʧi; rivera=ɹɪvˈɛɹə; roche=ɹˈOʃ; rodriguez=ɹɑdɹˈiɡɛz; rojas=ɹˈOhɑːs; romero=ɹOmˈɛɹO; "
    "ronaldo=ɹənˈældO; rosenthal=ɹˈOzənθɔl; rousseau=ɹusˈO; routledge=ɹˈWtlɪʤ; ruiz=ɹuˈiz; rutledge=ɹˈʌtlɪʤ; "
    "sachs=sˈæks; saddam=sədˈɑːm; salah=səlˈɑː; salieri=sæljˈɛɹi; sanchez=sˈænʧɛz; sandoval=sˈændəvæl; "
    "sarkozy=sɑːɹkOzˈi; sartre=sˈɑːɹtɹə; satie=sɑːtˈi; saud=sɑːˈud; scalia=skəlˈiə; schiff=ʃˈɪf; "
    "schlesinger=ʃlˈɛsɪnʤəɹ; schneider=ʃnˈIdəɹ; schrodinger=ʃɹˈOdɪŋəɹ; schultz=ʃˈʊlts; schulz=ʃˈʊlts; "
    "schuyler=skˈIləɹ; schwarzenegger=ʃwˈɔɹtsənɛɡəɹ; scorsese=skɔɹsˈAzi; segal=sˈiɡᵊl; seinfeld=sˈInfɛld; seung=sˈʌŋ; "
    "seuss=sˈus; seymour=sˈimɔɹ; shapiro=ʃəpˈiɹO; siegel=sˈiɡᵊl; sotomayor=sˌOTOmIjˈɔɹ; stalin=stˈɑːlɪn; "
    "stallone=stəlˈOn; stephenson=stˈivənsən; stevenson=stˈivənsən; stravinsky=stɹəvˈɪnski; streisand=stɹˈIzænd; "
    "suarez=swˈɑːɹɛz; sunak=sˈunæk; szymanski=ʃɪmˈænski; tagore=təɡˈɔɹ; takahashi=tˌɑːkəhˈɑːʃi; tanaka=tənˈɑːkə; "
    "tchaikovsky=ʧIkˈɔfski; thi=tˈi; thoreau=θəɹˈO; thunberg=tˈunbɜɹɡ; tolkien=tˈɑlkin; tolstoy=tˈɑlstY; "
    "travolta=tɹəvˈOltə; trudeau=tɹudˈO; tutankhamun=tˌutənkɑːmˈun; vaughan=vˈɔn; velazquez=vəlˈæskɛz; "
    "vermeer=vəɹmˈɪɹ; vogel=vˈOɡᵊl; wagner=vˈɑːɡnəɹ; wallace=wˈɑlɪs; wang=wˈɑːŋ; watanabe=wˌɑtənˈɑːbi; weiner=wˈinəɹ; "
    "wilde=wˈIld; wittgenstein=vˈɪtɡənʃtIn; wojcicki=wɔʒˈɪtski; wong=wˈɔŋ; wozniak=wˈɑzniæk; xi=ʃˈi; xiao=ʃˈW; "
    "xie=ʃjˈɛ; xu=ʃˈu; yamamoto=jˌɑːməmˈOTO; yeats=jˈAts; yousafzai=jˌusəfzˈI; zelensky=zəlˈɛnski; "
    "zelenskyy=zəlˈɛnski; zendaya=zəndˈAə; zhang=ʒˈɑːŋ; zhao=ʒˈW; zheng=ʒˈʌŋ; zhu=ʤˈu; zidane=zidˈɑːn; "
    # peoples, myths and tales
    "maharaj=mˌɑːhəɹˈɑːʒ; mughal=mˈuɡᵊl; qaeda=kˈIdə; quetzalcoatl=kˌɛtsəlkOˈɑːtəl; quixote=kihˈOTi; qur'an=kəɹˈɑːn; "
    "quran=kəɹˈɑːn; sauron=sˈWɹɑn; targaryen=tɑːɹɡˈɛɹiən; thanos=θˈænOs; voldemort=vˈOldəmɔɹt; "
    # places
    "ababa=ˈæbəbə; abu=ˈɑːbu; adirondack=ˌædəɹˈɑndæk; aires=ˈɛɹiz; aix=ˈɛks; albemarle=ˈælbəmɑːɹl; "
    "allegheny=ˌæləɡˈAni; alnwick=ˈænɪk; arundel=ˈæɹəndᵊl; atletico=ætlˈɛTikO; avignon=ˌævinjˈOn; aviv=əvˈiv; "
    "baja=bˈɑːhɑː; barca=bˈɑːɹsə; basingstoke=bˈAzɪŋstOk; beaulieu=bjˈuli; belvoir=bˈivəɹ; berwick=bˈɛɹɪk; "
    "bicester=bˈɪstəɹ; birmingham=bˈɜɹmɪŋəm; bogota=bˌOɡətˈɑː; buena=bwˈAnə; buenos=bwˈAnəs; bundesliga=bˈʊndəsliɡə; "
    "busan=bˈusɑːn; caernarfon=kənˈɑːɹvən; canaveral=kənˈævəɹəl; cancun=kænkˈun; cheltenham=ʧˈɛltnəm; chennai=ʧənˈI; "
    "cirencester=sˈIɹənsɛstəɹ; clapham=klˈæpəm; colchester=kˈOlʧɛstəɹ; cordoba=kˈɔɹdəbə; cusco=kˈuskO; dhabi=dˈɑːbi; "
    "dijon=diʒˈOn; dusseldorf=dˈʊsəldɔɹf; frome=fɹˈum; fukushima=fˌukuʃˈimə; fulham=fˈʊləm; galapagos=ɡəlˈæpəɡəs; "
    "gdansk=ɡədˈænsk; gila=hˈilə; golan=ɡˈOlɑːn; guadalupe=ɡwˌɑːdəlˈup; guantanamo=ɡwɑːntˈɑːnəmO; gurgaon=ɡˈʊəɹɡWn; "
    "hampstead=hˈæmpstɪd; herefordshire=hˈɛɹɪfəɹdʃəɹ; holborn=hˈObəɹn; islington=ˈɪzlɪŋtən; janeiro=ʒənˈɛɹO; "
    "jolla=hˈYə; keswick=kˈɛzɪk; kharkiv=hˈɑːɹkiv; kilimanjaro=kˌɪlɪmənʤˈɑːɹO; kissimmee=kɪsˈɪmi; kuala=kwˈɑːlə; "
    "kyiv=kˈiv; launceston=lˈɔnstən; laval=ləvˈæl; lewes=lˈuɪs; llandudno=lændˈɪdnO; lodz=wˈuʤ; "
    "loughborough=lˈʌfbəɹə; lumpur=lˈʊmpʊɹ; lviv=ləvˈiv; lyon=liˈɔn; machu=mˈɑːʧu; mackinac=mˈækɪnɔ; "
    "magdalen=mˈɔdlɪn; manassas=mənˈæsəs; marseille=mɑːɹsˈA; marylebone=mˈɑːɹlɪbən; medellin=mˌɛdəjˈin; milan=mɪlˈæn; "
    "moines=mˈYn; nagar=nˈʌɡəɹ; niagara=nIˈæɡɹə; niger=niʒˈɛɹ; notre=nˈOtɹə; nottingham=nˈɑTɪŋəm; oaxaca=wəhˈɑːkə; "
    "oldham=ˈOldəm; parramatta=pˌæɹəmˈæTə; paulo=pˈWlO; penzance=pɛnzˈæns; phnom=pənˈɑm; phnompenh=pənˌɑm pˈɛn; "
    "picchu=pˈiʧu; poughkeepsie=pəkˈɪpsi; pradesh=pɹədˈɛʃ; puerto=pwˈɛɹTO; puget=pjˈuʤɪt; purdue=pɜɹdjˈu; "
    "quezon=kˈAzɑn; schalke=ʃˈælkə; schenectady=skənˈɛktədi; shrewsbury=ʃɹˈuzbəɹi; shri=ʃɹˈi; shropshire=ʃɹˈɑpʃəɹ; "
    "southwark=sˈʌðəɹk; srebrenica=sɹˌɛbɹənˈitsə; sri=ʃɹˈi; tahoe=tˈɑːhO; tenochtitlan=tənˌɑkʧɪtlˈɑːn; "
    "tiananmen=tjˈɛnənmən; toowoomba=təwˈumbə; torquay=tɔɹkˈi; tottenham=tˈɑtnəm; tulane=tulˈAn; tulum=tulˈum; "
    "twickenham=twˈɪkənəm; uttar=ˈʊTəɹ; valencia=vəlˈɛnsiə; villarreal=vˌijəɹAˈɑːl; warwick=wˈɔɹɪk; "
    "warwickshire=wˈɔɹɪkʃəɹ; wickham=wˈɪkəm; willamette=wɪlˈæmət; woolwich=wˈʊlɪʧ; wrexham=ɹˈɛksəm; "
    "wroclaw=vɹˈɔtslɑːf; wyndham=wˈɪndəm; yosemite=jOsˈɛmɪTi; yucatan=jˌukətˈæn; "
    # brands, and words of computing
    "acura=ˈækjʊɹə; adidas=ˈædɪdæs; airbnb=ˌɛɹ biˌɛnbˈi; alibaba=ˌɑːlibˈɑːbə; amd=ˌA ˌɛm dˈi; aol=ˌA ˌO ˈɛl; "
    "asus=Asˈus; async=ˈAsɪŋk; audi=ˈWdi; baidu=bˌIdˈu; bose=bˈOz; bugatti=bʊɡˈɑːTi; cartier=kɑːɹtiˈA; chanel=ʃənˈɛl; "
    "chatgpt=ʧˈæt ʤˌi pˌi tˈi; chevrolet=ʃˌɛvɹəlˈA; chrysler=kɹˈIzləɹ; citroen=sˈɪtɹOən; comcast=kˈɑmkæst; "
    "config=kˈɑnfɪɡ; costco=kˈɑstkO; coursera=kɔɹsˈɛɹə; craigslist=kɹˈAɡzlɪst; daewoo=dˈAwu; debian=dˈɛbiən; "
    "dior=diˈɔɹ; doritos=dəɹˈiTOz; ducati=dukˈɑːTi; ebay=ˈibA; enum=ˈinʌm; espn=ˌi ˌɛs pˌi ˈɛn; ethereum=ɪθˈɪɹiəm; "
    "ferrari=fəɹˈɑːɹi; firefox=fˈIɹfɑks; gillette=ʤɪlˈɛt; github=ɡˈɪthʌb; givenchy=ʒivˈɑːnʃi; gmail=ʤˈimAl; "
    "gofundme=ɡˌOfˈʌndmi; gopro=ɡˈOpɹO; gucci=ɡˈuʧi; guinness=ɡˈɪnɪs; haagen=hˈɑːɡən; hasbro=hˈæzbɹO; "
    "hitachi=hɪtˈɑːʧi; huawei=wˈɑːwA; hyundai=hˈʌndA; ikea=Ikˈiə; imac=ˈImæk; imdb=ˌI ˌɛm dˌi bˈi; ios=ˌI ˌO ˈɛs; "
    "itunes=ˈItunz; jpg=ʤˈApɛɡ; json=ʤˈAsən; kubernetes=kˌubəɹnˈɛTiz; lamborghini=lˌæmbɔɹɡˈini; leica=lˈIkə; "
    "lenovo=lənˈOvO; linkedin=lˌɪŋktˈɪn; lufthansa=lˈʊfthænzə; macos=mˌæk ˌO ˈɛs; maserati=mˌæzəɹˈɑːTi; "
    "mattel=mətˈɛl; mitsubishi=mˌɪtsubˈiʃi; mysql=mˌI ˌɛs kjˌu ˈɛl; nginx=ˈɛnʤɪn ˌɛks; nikon=nˈIkɑn; nissan=nˈisɑːn; "
    "nivea=nˈɪviə; numpy=nˈʌmpI; okcupid=ˌOkˌAkjˈupɪd; openai=ˌOpən ˌA ˈI; patreon=pˈAtɹiɑn; paypal=pˈApæl; "
    "peugeot=pˈɜɹʒO; pinterest=pˈɪntɹəst; playstation=plˈAstAʃən; plugin=plˈʌɡɪn; pokemon=pˈOkimɑn; porsche=pˈɔɹʃə; "
    "postgres=pˈOstɡɹɛs; postgresql=pˈOstɡɹɛs kjˌu ˈɛl; prius=pɹˈiəs; pypi=pˌI pˌi ˈI; qantas=kwˈɑntəs; "
    "qualcomm=kwˈɑlkɑm; redis=ɹˈɛdɪs; renault=ɹənˈO; roblox=ɹˈOblɑks; scifi=sˈIfI; scipy=sˈIpI; sotheby's=sˈʌðəbiz; "
    "spacex=spˈAs ˈɛks; sqlite=ˌɛs kjˌu ˌɛl ˈIt; subaru=sˈubəɹu; sudo=sˈudu; swarovski=swɔɹˈɑfski; toshiba=tOʃˈibə; "
    "tuple=tˈʌpᵊl; uber=ˈubəɹ; ubers=ˈubəɹz; ubisoft=jˈubisɑft; unilever=jˈunɪlivəɹ; verizon=vəɹˈIzən; "
    "versace=vəɹsˈɑːʧi; vimeo=vˈɪmiO; vodafone=vˈOdəfOn; volkswagen=vˈOkswæɡən; vuitton=vwitˈɑn; whatsapp=wˈɑtsæp; "
    "wi-fi=wˈIfI; wifi=wˈIfI; wii=wˈi; wikipedia=wˌɪkɪpˈidiə; xbox=ˈɛksbɑks; xiaomi=ʃWmˈi; yamaha=jˈæməhɑː; "
    "youtube=jˈutub; youtuber=jˈutubəɹ; youtubers=jˈutubəɹz; "
    # medicine and nature
    "atorvastatin=ətˌɔɹvəstˈætɪn; coli=kˈOlI; hemorrhoids=hˈɛməɹYdz; lisinopril=lIsˈɪnəpɹɪl; metformin=mɛtfˈɔɹmɪn; "
    "omeprazole=OmˈɛpɹəzOl; ozempic=Ozˈɛmpɪk; sapiens=sˈApiənz; semaglutide=sˌɛməɡlˈutId; "
    "tyrannosaurus=tɪɹˌænəsˈɔɹəs; "
    # food
    "acai=ˌɑːsɑːˈi; banh=bˈɑːn; broccoli=bɹˈɑkəli; brulee=bɹulˈA; ciabatta=ʧəbˈɑːTə; consomme=kˌɑnsəmˈA; creme=kɹˈɛm; "
    "crepe=kɹˈAp; croissant=kɹəsˈɑːnt; croissants=kɹəsˈɑːnts; crudites=kɹˈudɪtAz; d'oeuvre=dˈɜɹv; d'oeuvres=dˈɜɹvz; "
    "entree=ˈɑntɹA; entrees=ˈɑntɹAz; foie=fwˈɑː; gras=ɡɹˈɑː; gruyere=ɡɹujˈɛɹ; hors=ˈɔɹ; jalapeno=hˌæləpˈAnjO; "
    "jalapenos=hˌæləpˈAnjOz; mezcal=mɛzkˈæl; nutella=nutˈɛlə; paneer=pənˈɪɹ; piri=pˈɪɹi; saute=sOtˈA; sauteed=sOtˈAd; "
    "souffle=suflˈA; "
    # words of other languages
    "applique=ˌæplɪkˈA; attache=ˌæTəʃˈA; au=ˈO; avant=ˈævɑːn; blase=blɑːzˈA; canape=kˈænəpA; canapes=kˈænəpAz; "
    "cetera=sˈɛTɹə; cliche=kliʃˈA; cliched=kliʃˈAd; cliches=kliʃˈAz; communique=kəmjˈunɪkˌA; cortege=kɔɹtˈɛʒ; "
    "croix=kɹwˈɑː; d'art=dˈɑːɹ; d'etat=dAtˈɑː; decoupage=dˌAkupˈɑːʒ; denouement=dAnˈumɑːn; deutsche=dˈYʧə; deux=dˈɜː; "
    "emigre=ˈɛmɪɡɹA; etoile=Atwˈɑːl; feng=fˈʌŋ; fiance=fˌiɑːnsˈA; fiancee=fˌiɑːnsˈA; fiances=fˌiɑːnsˈAz; fleur=flˈɜɹ; "
    "joie=ʒwˈɑː; kung=kˈʌŋ; laissez=lˈɛsA; lingerie=lˌɑnʒəɹˈA; menage=mAnˈɑːʒ; monsieur=məsjˈɜː; mont=mˈɑnt; nee=nˈA; "
    "operandi=ˌɑpəɹˈændi; papier=pˈæpiA; passe=pæsˈA; pinata=pɪnjˈɑːTə; protege=pɹˈOTəʒA; proteges=pɹˈOTəʒAz; "
    "quasi=kwˈAzI; que=kˈA; risque=ɹɪskˈA; roman-fleuve=ɹOmˌɑːn flˈɜɹv; savoir=sˌævwˈɑːɹ; se=sˈA; senor=sAnjˈɔɹ; "
    "senora=sAnjˈɔɹə; senorita=sˌAnjəɹˈiTə; shui=ʃwˈA; soiree=swɑːɹˈA; tete=tˈɛt; touche=tuʃˈA; trompe=tɹˈɔmp; "
    "und=ˈʊnd; vis-a-vis=vˌizəvˈi; vitae=vˈiTI; vive=vˈiv; vous=vˈu; zeitgeist=tsˈItɡIst; "
    # more names, places and brands, loanwords, and inflections
    "abdul=æbdˈul; abdullah=æbdˈʌlə; abramovich=əbɹˈɑːməvɪʧ; abrams=ˈAbɹəmz; absalom=ˈæbsələm; absecon=æbsˈikən; "
    "aceh=ˈɑːʧA; adnan=ˈædnɑːn; agatha=ˈæɡəθə; ahab=ˈAhæb; ahmadinejad=ˌɑːmədˈinəʒɑːd; ahmed=ˈɑːmɛd; "
    "ahmedabad=ˈɑːmədəbɑːd; aishwarya=Iʃwˈɑːɹjə; akihabara=ˌɑːkihəbˈɑːɹə; alexey=əlˈɛksA; altrincham=ˈɔltɹɪŋəm; "
    "alves=ˈælvɛz; alzheimer=ˈɑːltshIməɹ; amadeus=ˌæmədˈAəs; amalfi=əmˈɑːlfi; amersham=ˈæməɹʃəm; amin=æmˈin; "
    "amlodipine=æmlˈOdɪpin; amuse=əmjˈuz; amuses=əmjˈuzᵻz; anarcho=ænˈɑːɹkO; ancelotti=ˌɑːnʧəlˈɔti; andhra=ˈɑːndɹə; "
    "annexing=ənˈɛksɪŋ; antoinette=ˌæntwənˈɛt; apixaban=əpˈɪksəbæn; aquinas=əkwˈInəs; arbroath=ɑːɹbɹˈOθ; "
    "archibald=ˈɑːɹʧɪbɔld; argyll=ɑːɹɡˈIl; arianna=ˌɑːɹiˈɑːnə; aripiprazole=ˌæɹɪpˈɪpɹəzOl; arpaio=ɑːɹpˈIO; "
    "arrgh=ˈɑːɹɡ; arusha=əɹˈuʃə; arya=ˈɑːɹiə; asda=ˈæzdə; asheville=ˈæʃvɪl; asos=ˈAsɑs; asperger=ˈæspɜɹɡəɹ; "
    "asperger's=ˈæspɜɹɡəɹz; aston=ˈæstən; astrazeneca=ˌæstɹəzˈɛnəkə; asuncion=əsˌunsiˈOn; atchafalaya=əʧˌæfəlˈIə; "
    "athabasca=ˌæθəbˈæskə; athanasius=ˌæθənˈAʃəs; athlone=æθlˈOn; audubon=ˈɔdəbɑn; authorisation=ˌɔθəɹIzˈAʃən; "
    "avianca=ˌɑːviˈɑːŋkə; avis=ˈAvɪs; ayala=əjˈɑːlə; aylesbury=ˈAᵊlzbəɹi; ayrton=ˈɛɹtən; azithromycin=əzˌɪθɹəmˈIsɪn; "
    "azkaban=ˈæzkəbæn; azur=æzˈʊɹ; baikal=bIkˈɑːl; bailed=bˈAld; bakhmut=bˈɑːkmut; balenciaga=bəlˌɛnsiˈɑːɡə; "
    "balliol=bˈAliəl; balochistan=bəlˌOʧɪstˈɑːn; banbury=bˈænbəɹi; bandana=bændˈænə; banged=bˈæŋd; bardot=bɑːɹdˈO; "
    "barnabas=bˈɑːɹnəbəs; barnoldswick=bɑːɹnˈOldzwɪk; barry=bˈæɹi; bashir=bəʃˈɪɹ; basquiat=bˈɑːskiɑːt; "
    "bataille=bətˈI; baudelaire=bˌOdəlˈɛɹ; bayeux=bIjˈɜː; beauvoir=bOvwˈɑːɹ; bechamel=bˌAʃəmˈɛl; belichick=bˈɛlɪʧɪk; "
    "bellagio=bəlˈɑːʤiO; bellator=bɛlˈɑːTɔɹ; bellefontaine=bˌɛlfˈWntən; benitez=bənˈitɛz; benzema=bɛnzəmˈɑː; "
    "berets=bəɹˈAz; bermondsey=bˈɜɹməndzi; bernanke=bəɹnˈæŋki; beth=bˈɛθ; bexar=bˈɛɹ; bhagavad=bˈʌɡəvəd; "
    "bharatiya=bˈɑːɹətijə; bhutto=bˈuTO; bianchi=biˈæŋki; bichon=biʃˈɔn; bideford=bˈɪdɪfəɹd; bigelow=bˈɪɡəlO; "
    "bisoprolol=bˌIsOpɹˈOlɔl; bleh=blˈɛ; bligh=blˈI; bloomberg=blˈumbɜɹɡ; boateng=bwˈɑːtɛŋ; boaz=bˈOæz; "
    "boerne=bˈɜɹni; bohr=bˈɔɹ; boleyn=bʊlˈɪn; bollinger=bˈɑlɪnʤəɹ; bolshoi=bˈOlʃY; boulogne=bulˈOn; bourdain=bɔɹdˈAn; "
    "bourguignon=bˈʊɹɡinjɔn; bowdoin=bˈOdᵊn; breathed=bɹˈiðd; breitling=bɹˈItlɪŋ; bridgwater=bɹˈɪʤwɔTəɹ; "
    "broderick=bɹˈɑdəɹɪk; brunel=bɹunˈɛl; buchan=bˈʌkən; buckinghamshire=bˈʌkɪŋəmʃəɹ; buffon=bufˈOn; buhari=buhˈɑːɹi; "
    "bulgari=bˈʊlɡəɹi; busquets=buskˈɛts; butted=bˈʌTᵻd; caffe=kæfˈA; caiaphas=kˈIəfəs; caius=kˈiz; caleb=kˈAləb; "
    "canandaigua=kˌænəndˈAɡwə; cantona=kˈæntənɑː; capaldi=kəpˈɑːldi; capernaum=kəpˈɜɹniəm; capita=kˈæpɪTə; "
    "carmarthen=kəɹmˈɑːɹðən; carmarthenshire=kəɹmˈɑːɹðənʃəɹ; carnarvon=kəɹnˈɑːɹvən; carvalho=kɑːɹvˈæljO; "
    "castlereagh=kˈæsᵊlɹA; categorisation=kˌæTəɡəɹIzˈAʃən; caterham=kˈATəɹəm; cation=kˈætIən; cations=kˈætIənz; "
    "cato=kˈATO; cauchy=kOʃˈi; cersei=sˈɜɹsi; chaffetz=ʧˈAfɪts; champlain=ʃæmplˈAn; chandra=ʧˈɑːndɹə; "
    "chappelle=ʃəpˈɛl; charlevoix=ʃˈɑːɹləvY; chaudhary=ʧˈWdəɹi; chauhan=ʧWhˈɑːn; che=ʧˈA; chekhov=ʧˈɛkɔf; "
    "chesham=ʧˈɛʃəm; chippenham=ʧˈɪpənəm; chisinau=kˌiʃɪnˈW; chocolat=ʃˌOkOlˈɑː; cholmondeley=ʧˈʌmli; chopin=ʃˈOpæn; "
    "chulainn=kˈʌlɪn; cialis=siˈælɪs; ciprofloxacin=sˌɪpɹəflˈɑksəsɪn; citalopram=sɪtˈæləpɹæm; clarins=klˈæɹænz; "
    "clichy=kliʃˈi; clonazepam=klOnˈæzəpæm; clopidogrel=klOpˈɪdəɡɹɛl; clwyd=klˈuɪd; cmon=kəmˈɑn; cobh=kˈOv; "
    "cocteau=kɑktˈO; codified=kˈɑdəfId; coen=kˈOən; coetzee=kutsˈiə; colby=kˈOlbi; colgate=kˈOlɡAt; comin=kˈʌmɪn; "
    "como=kˈOmO; compaq=kˈɑmpæk; comstock=kˈɑmstɑk; condoleezza=kˌɑndəlˈizə; conley=kˈɑnli; conman=kˈɑnmæn; "
    "conroy=kˈɑnɹY; contravening=kˌɑntɹəvˈinɪŋ; conwy=kˈɑnwi; copernicus=kəpˈɜɹnɪkəs; coquitlam=kəkwˈɪtləm; "
    "corinne=kɔɹˈɪn; coriolanus=kˌɔɹiəlˈAnəs; cornwallis=kɔɹnwˈɔlɪs; couched=kˈWʧt; coughlin=kˈɔklɪn; "
    "couldn't've=kˈʊdəntəv; coutinho=kutˈinjO; coworking=kˈOwɜɹkɪŋ; coyote=kIˈOTi; coyotes=kIˈOTiz; creon=kɹˈiɑn; "
    "cristian=kɹˈɪstiən; crooked=kɹˈʊkᵻd; cruella=kɹuˈɛlə; cruyff=kɹˈYf; cruz=kɹˈuz; cthulhu=kəθˈulu; "
    "cucamonga=kˌukəmˈʌŋɡə; culloden=kəlˈɑdᵊn; culzean=kəlˈAn; cuny=kjˈuni; curacao=kjˈʊɹəsW; cursed=kˈɜɹst; "
    "curzon=kˈɜɹzən; d'souza=dəsˈuzə; d'ya=ʤˈə; d'you=ʤˈu; daegu=dˈAɡu; dagenham=dˈæɡənəm; dalhousie=dælhˈWzi; "
    "daly=dˈAli; dalziel=diˈɛl; danang=dˌɑːnˈæŋ; danone=dənˈOn; davos=dɑːvˈOs; debenhams=dˈɛbənəmz; debuts=dAbjˈuz; "
    "degrassi=dəɡɹˈæsi; dekalb=dəkˈælb; deleuze=dəlˈɜːz; delorean=dəlˈɔɹiən; denbigh=dˈɛnbi; denbighshire=dˈɛnbiʃəɹ; "
    "denise=dənˈis; depeche=dəpˈɛʃ; deptford=dˈɛtfəɹd; derozan=dəɹˈOzən; desdemona=dˌɛzdɪmˈOnə; diablo=diˈɑːblO; "
    "diclofenac=dIklˈOfənæk; diderot=dˈidəɹO; dieppe=diˈɛp; dion=dˈiɑn; dives=dˈIvz; doge=dˈOʤ; doin=dˈuɪn; "
    "domenico=dəmˈɛnɪkO; dominick=dˈɑmɪnɪk; donne=dˈʌn; dostoyevsky=dˌɑstəjˈɛfski; dougie=dˈuɡi; drawing=dɹˈɔɪŋ; "
    "drawings=dɹˈɔɪŋz; drogheda=dɹˈɔɪdə; drury=dɹˈʊɹi; duarte=dwˈɑːɹtA; dulles=dˈʌləs; duloxetine=dulˈɑksətin; "
    "dulwich=dˈʌlɪʧ; dumbledore=dˈʌmbᵊldɔɹ; dumfries=dʌmfɹˈis; duvall=duvˈɔl; dyfed=dˈʌvɪd; ecclesia=ɪklˈiziə; "
    "ecclestone=ˈɛkᵊlstən; edgbaston=ˈɛʤbəstən; edith=ˈidɪθ; edouard=ˌɛdwˈɑːɹ; elias=ɪlˈIəs; elinor=ˈɛlɪnɔɹ; "
    "embiid=ɛmbˈid; embraer=ˈɛmbɹɛɹ; emilia=ɪmˈiliə; emilio=ɛmˈiliO; enalapril=ɛnˈæləpɹɪl; enniskillen=ˌɛnɪskˈɪlən; "
    "entebbe=ɛntˈɛbi; entrecote=ˈɑntɹəkOt; ephraim=ˈifɹəm; escitalopram=ˌɛsɪtˈæləpɹæm; esher=ˈiʃəɹ; "
    "esomeprazole=ˌɛsOmˈɛpɹəzOl; espanyol=ˌɛspənjˈɔl; estee=ˈɛstA; estes=ˈɛstiz; etcetera=ɛtsˈɛTəɹə; ethan=ˈiθən; "
    "etihad=ˈɛTihɑːd; etobicoke=ɪtˈObɪkO; etude=Atˈud; etudes=Atˈudz; eugenie=juʤˈini; evesham=ˈivʃəm; "
    "exmouth=ˈɛksməθ; falcao=fælkˈW; fallujah=fəlˈuʤə; famotidine=fəmˈOTɪdin; fauquier=fɔkˈɪɹ; faversham=fˈævəɹʃəm; "
    "feinberg=fˈInbɜɹɡ; felice=fəlˈis; felix=fˈilɪks; fellaini=fɛlˈIni; fergie=fˈɜɹɡi; ferguson=fˈɜɹɡəsən; "
    "fernandes=fəɹnˈændɛz; fibonacci=fˌɪbənˈɑːʧi; figaro=fˈɪɡəɹO; fillets=fˈɪləts; finasteride=fɪnˈæstəɹId; "
    "findlay=fˈɪnli; fitzpatrick=fɪtspˈætɹɪk; flaherty=flˈæəɹTi; fleury=flˈʊɹi; fluconazole=flukˈɑnəzOl; "
    "foresaw=fɔɹsˈɔ; fortuna=fɔɹtˈunə; fowey=fˈY; fraiche=fɹˈɛʃ; fraserburgh=fɹˈAzəɹbəɹə; frasier=fɹˈAʒəɹ; "
    "frazier=fɹˈAʒəɹ; frise=fɹizˈA; frobisher=fɹˈObɪʃəɹ; fuerteventura=fwˌɛɹTAvɛntˈʊɹə; furore=fjˈʊɹɔɹ; "
    "gabapentin=ɡˌæbəpˈɛntɪn; gabbana=ɡəbˈɑːnə; gaby=ɡˈæbi; gainsborough=ɡˈAnzbəɹə; galatasaray=ɡˌælətəsəɹˈI; "
    "ganoush=ɡənˈuʃ; gascoigne=ɡˈæskYn; geddes=ɡˈɛdɪs; geldof=ɡˈɛldɔf; genghis=ɡˈɛŋɡɪs; geraldo=həɹˈɑːldO; "
    "germaine=ʤəɹmˈAn; gershwin=ɡˈɜɹʃwɪn; gertrude=ɡˈɜɹtɹud; gethsemane=ɡɛθsˈɛməni; ghraib=ɡɹˈAb; giannis=jˈɑːnɪs; "
    "gilead=ɡˈɪliæd; gilles=ʒˈil; gillingham=ɡˈɪlɪŋəm; gingrich=ɡˈɪŋɡɹɪʧ; gippsland=ɡˈɪpslænd; girardeau=ʤəɹˈɑːɹdO; "
    "gisele=ʒɪzˈɛl; giulia=ʤˈuliə; giulio=ʤˈuljO; glamis=ɡlˈɑːmz; gnawing=nˈɔɪŋ; godalming=ɡˈɑdᵊlmɪŋ; "
    "godolphin=ɡədˈɑlfɪn; gogol=ɡˈOɡᵊl; golovkin=ɡəlˈʌfkɪn; gomes=ɡˈOmɛz; gorillaz=ɡəɹˈɪləz; goshen=ɡˈOʃən; "
    "gould=ɡˈuld; goulding=ɡˈuldɪŋ; grahame=ɡɹˈAəm; greenock=ɡɹˈinək; greig=ɡɹˈɛɡ; grigio=ɡɹˈiʤiO; "
    "grosvenor=ɡɹˈOvnəɹ; gruene=ɡɹˈin; guangxi=ɡwˌɑːŋʃˈi; guggenheim=ɡˈʊɡənhIm; gutenberg=ɡˈutᵊnbɜɹɡ; "
    "gwynedd=ɡwˈɪnɛð; habeas=hˈAbiəs; haldane=hˈɔldAn; halva=hɑːlvˈɑː; hamtramck=hæmtɹˈæmɪk; hanes=hˈAnz; "
    "happisburgh=hˈAzbəɹə; haringey=hˈæɹɪŋɡA; harissa=həɹˈisə; harwich=hˈæɹɪʤ; hauppauge=hˈɔpɔɡ; hauser=hˈWzəɹ; "
    "havasu=hˈævəsu; hawick=hˈɔɪk; he'd've=hˈidəv; headingley=hˈɛdɪŋli; hefeweizen=hˈAfəvItsən; heh=hˈɛ; "
    "heineken=hˈInəkən; helene=həlˈin; henrico=hɛnɹˈIkO; hertford=hˈɑːɹtfəɹd; hertfordshire=hˈɑːɹtfəɹdʃəɹ; "
    "hestia=hˈɛstiə; hines=hˈInz; hiram=hˈIɹəm; histoire=istwˈɑːɹ; hmph=hˈʌmf; hoegaarden=hˈuɡɑːɹdən; "
    "hogarth=hˈOɡɑːɹθ; holbrook=hˈOlbɹʊk; holger=hˈOlɡəɹ; hollande=ɔlˈɑːnd; horowitz=hˈɔɹəwɪts; horsham=hˈɔɹʃəm; "
    "houma=hˈOmə; houmous=hˈʊməs; hounslow=hˈWnzlO; houses=hˈWzᵻz; how're=hˈWəɹ; how've=hˈWəv; hueneme=wInˈimi; "
    "humboldt=hˈʌmbOlt; humes=hjˈumz; hunstanton=hənstˈæntən; huygens=hˈIɡənz; "
    "hydrochlorothiazide=hˌIdɹəklˌɔɹOθˈIəzId; hydrocodone=hˌIdɹəkˈOdOn; i'd've=ˈIdəv; iago=iˈɑːɡO; idlib=ˈɪdlɪb; "
    "imagines=ɪmˈæʤənz; imessage=ˈImɛsɪʤ; immanuel=ɪmˈænjuəl; imovie=ˈImuvi; indesign=ˈɪndɪzIn; indiegogo=ˌɪndiɡˈOɡO; "
    "infiniti=ɪnfˈɪnɪTi; inigo=ˈɪnɪɡO; innes=ˈɪnɪs; inu=ˈinu; ipanema=ˌipənˈAmə; iqaluit=ikˈæluɪt; "
    "isambard=ˈɪzəmbɑːɹd; islay=ˈIlə; isleworth=ˈIzᵊlwəɹθ; italia=ɪtˈæliə; ivanovic=ivˈɑːnəvɪʧ; ivoire=ivwˈɑːɹ; "
    "iwan=jˈuən; jabbar=ʤəbˈɑːɹ; jacobsen=ʤˈAkəbsən; jacobson=ʤˈAkəbsən; jacoby=ʤəkˈObi; jacqui=ʤˈæki; jagr=jˈɑːɡəɹ; "
    "jahan=ʤəhˈɑːn; jamieson=ʤˈAmɪsən; jared=ʤˈæɹəd; javed=ʤˈɑːvɛd; jeanine=ʤənˈin; jelena=jˈɛlənə; jemima=ʤəmˈImə; "
    "jeter=ʤˈiTəɹ; johansen=jOhˈænsən; judea=ʤudˈiə; juncker=jˈʊŋkəɹ; jupyter=ʤˈupɪTəɹ; kagan=kˈAɡən; kahlua=kəlˈuə; "
    "kaine=kˈAn; kaitlin=kˈAtlɪn; kaitlyn=kˈAtlɪn; kamara=kəmˈɑːɹə; karen=kˈæɹən; karin=kˈæɹɪn; kaspersky=kæspˈɛɹski; "
    "keighley=kˈiθli; keir=kˈɪɹ; kejriwal=kˈɛʤɹiwɑːl; kelowna=kəlˈOnə; kemal=kəmˈɑːl; keogh=kˈiO; keokuk=kˈiəkʌk; "
    "kerr=kˈɜɹ; kherson=hɛɹsˈɔn; khomeini=kOmˈAni; kilmarnock=kɪlmˈɑːɹnək; kimura=kɪmˈʊɹə; kincaid=kɪŋkˈAd; "
    "kirchner=kˈɜɹʃnəɹ; kirkcaldy=kɜɹkˈɔdi; kirkcudbright=kəɹkˈubɹi; kirkpatrick=kɜɹkpˈætɹɪk; klobuchar=klˈObəʃɑːɹ; "
    "koenigsegg=kˈAnɪɡsɛɡ; koizumi=kˌOizˈumi; kojima=kOʤˈimə; kowalski=kəwˈɑlski; krakow=kɹˈækɔf; krauss=kɹˈWs; "
    "krieger=kɹˈiɡəɹ; kris=kɹˈɪs; kroger=kɹˈOɡəɹ; kucinich=kusˈɪnɪʧ; kwame=kwˈɑːmi; kwan=kwˈɑn; kwon=kwˈɑn; "
    "l'oreal=lˌɔɹiˈæl; labeouf=ləbˈʌf; lacoste=ləkˈɔst; laguardia=ləɡwˈɑːɹdiə; laing=lˈæŋ; lamar=ləmˈɑːɹ; "
    "lamont=ləmˈɑnt; lamotrigine=ləmˈOtɹɪʤin; lampard=lˈæmpɑːɹd; lancome=lˌɑːŋkˈOm; languedoc=lˌɑːŋɡədˈɔk; "
    "lanzarote=lˌænzəɹˈɑTi; laoghaire=lˈɪəɹi; lasagne=ləzˈɑːnjə; latam=lˈætæm; laverne=ləvˈɜɹn; lavigne=ləvˈin; "
    "lavinia=ləvˈɪniə; laxmi=lˈʌkʃmi; lazio=lˈætsiO; leanne=liˈæn; leavitt=lˈɛvɪt; lecce=lˈɛʧA; lehigh=lˈihI; "
    "leichhardt=lˈIkɑːɹt; leif=lˈif; leland=lˈilənd; leonidas=liˈɑnɪdəs; leuven=lˈɜːvən; "
    "levothyroxine=lˌivOθIɹˈɑksin; lewisham=lˈuɪʃəm; liege=liˈɛʒ; lingua=lˈɪŋɡwə; linlithgow=lɪnlˈɪθɡO; "
    "linnaeus=lɪnˈiəs; linus=lˈInəs; llanelli=lænˈɛθli; loewe=lOˈAvA; lome=lˈOmA; longines=lˈɔnʒin; "
    "loratadine=ləɹˈæTədin; losartan=lOsˈɑːɹtæn; louboutin=lˌubutˈæn; loudoun=lˈWdən; louvain=luvˈæn; "
    "lowestoft=lˈOstɔft; lowry=lˈWɹi; lumumba=lumˈumbə; lutyens=lˈʌtjənz; luzerne=luzˈɜɹn; lycoming=lIkˈʌmɪŋ; "
    "macarthur=məkˈɑːɹθəɹ; macaulay=məkˈɔli; macclesfield=mˈækᵊlzfild; macedon=mˈæsɪdɑn; machina=mˈækɪnə; "
    "machynlleth=məkˈʌnhləθ; macpherson=məkfˈɜɹsən; macquarie=məkwˈɔɹi; macrae=məkɹˈA; maduro=mədˈʊɹO; "
    "mahjong=mɑːʒˈɔŋ; mainz=mˈInts; malala=məlˈɑːlə; malloy=məlˈY; malvern=mˈɔlvəɹn; mancini=mænʧˈini; "
    "manitowoc=mˈænɪTəwɑk; marcellus=mɑːɹsˈɛləs; marek=mˈæɹɛk; margaery=mˈɑːɹʤəɹi; marin=məɹˈɪn; marrakesh=mˈæɹəkɛʃ; "
    "massapequa=mˌæsəpˈikwə; mathias=məθˈIəs; matthias=məθˈIəs; maugham=mˈɔm; maxine=mæksˈin; maybach=mˈIbɑk; "
    "maybelline=mˌAbəlˈin; mcavoy=mˈækəvY; mccarthy=məkˈɑːɹθi; mcdavid=məkdˈAvɪd; mcelroy=mˈækᵊlɹY; mcewen=məkjˈuən; "
    "mcfly=məkflˈI; mcgonagall=məkɡˈɑnəɡᵊl; mcilroy=mˈækɪlɹY; mclachlan=məklˈɑklən; mclaughlin=məklˈɑklɪn; "
    "mcrae=məkɹˈA; meehan=mˈiən; meghan=mˈɛɡən; meh=mˈɛ; meijer=mˈIəɹ; mendes=mˈɛndɛz; menomonie=mənˈɑməni; "
    "mertesacker=mˈɛɹtəzækəɹ; mexia=məhˈAə; miaow=miˈW; miata=miˈɑːTə; micheal=mˈIkᵊl; midjourney=mˈɪdʤɜɹni; "
    "mignon=minjˈɔn; militiamen=məlˈɪʃəmɛn; milngavie=mʌlɡˈI; minogue=mɪnˈOɡ; mirtazapine=məɹtˈæzəpin; "
    "mjolnir=mjˈɔlnɪɹ; mmmm=ˈʌm; moana=mOˈɑːnə; moe=mˈO; mohave=mOhˈɑːvi; molyneux=mˈʌlɪnu; "
    "monongahela=mənˌɑŋɡəhˈilə; montague=mˈɑntəɡju; montelukast=mˌɑntəlˈukæst; montreux=mɑntɹˈɜː; mordaunt=mˈɔɹdᵊnt; "
    "morecambe=mˈɔɹkəm; moriarty=mˌɔɹiˈɑːɹTi; moschino=mɔskˈinO; mosley=mˈOzli; motrin=mˈOtɹɪn; mouths=mˈWðz; "
    "mrsa=mˈɜɹsə; muerte=mwˈɛɹtA; mulholland=mʌlhˈɑlənd; multiplied=mˈʌltəplId; multiplying=mˈʌltəplIɪŋ; "
    "muriel=mjˈʊɹiəl; musharraf=mʊʃˈæɹəf; mustapha=mˈʊstəfə; myspace=mˈIspAs; nadezhda=nədˈɛʒdə; nanaimo=nənˈImO; "
    "napoleonic=nəpˌOliˈɑnɪk; nasrallah=nɑːsɹˈɑːlə; natchitoches=nˈækətəʃ; nathan=nˈAθən; nawaz=nəwˈɑːz; "
    "nevaeh=nəvˈAə; newham=nˈuəm; nicodemus=nˌɪkədˈiməs; nieto=njˈATO; nikkei=nɪkˈA; nimes=nˈim; nkrumah=ənkɹˈumə; "
    "noel=nˈOəl; nolan=nˈOlən; northamptonshire=nɔɹθˈæmptənʃəɹ; nothin=nˈʌθɪn; novartis=nOvˈɑːɹTɪs; "
    "nowitzki=nəwˈɪtski; nuevo=nwˈAvO; nunes=nˈunɛs; nursed=nˈɜɹst; o'grady=OɡɹˈAdi; o'neil=Onˈil; oaths=ˈOðz; "
    "ochre=ˈOkəɹ; oconomowoc=əkˈɑnəməwɑk; ogilvy=ˈOɡᵊlvi; ogunquit=Oɡˈʌŋkwɪt; ojai=ˈOhI; okeechobee=ˌOkiʧˈObi; "
    "okefenokee=ˌOkifənˈOki; olanzapine=Olˈænzəpin; olay=OlˈA; olbermann=ˈObəɹmən; oliveira=ˌɑlɪvˈAɹə; opel=ˈOpᵊl; "
    "otago=OtˈɑːɡO; ouija=wˈiʤə; ovechkin=Ovˈɛʧkɪn; overton=ˈOvəɹtən; oxycontin=ˌɑksikˈɑntɪn; paas=pˈæs; "
    "pacquiao=pˈækiW; palermo=pəlˈɛɹmO; pancras=pˈæŋkɹəs; pantoprazole=pæntˈOpɹəzOl; paroxetine=pəɹˈɑksətin; "
    "partick=pˈɑːɹtɪk; passat=pəsˈɑːt; patek=pətˈɛk; paxlovid=pækslˈOvɪd; penske=pˈɛnski; pepe=pˈɛpA; "
    "percocet=pˈɜɹkəsɛt; perpignan=pˌɛɹpinjˈɑːn; petoskey=pətˈɑski; petraeus=pətɹˈAəs; pietro=piˈɛtɹO; piguet=piɡˈA; "
    "pilate=pˈIlət; pinocchio=pɪnˈOkiO; pinochet=pˈinəʃA; piscataquis=pɪskˈæTəkwɪs; pius=pˈIəs; plaistow=plˈɑːstO; "
    "plaquemines=plˈækəmɪn; pocono=pˈOkənO; podemos=pOdˈAmɔs; polk=pˈOk; poulsbo=pˈɔlzbO; powerade=pˈWəɹAd; "
    "poznan=pˈOznæn; prabang=pɹəbˈɑːŋ; pravastatin=pɹˌævəstˈætɪn; presley=pɹˈɛzli; priyanka=pɹijˈɑːŋkə; "
    "provocateur=pɹəvˌɑkətˈɜɹ; pruitt=pɹˈuɪt; psalms=sˈɑːmz; pulitzer=pˈʊlɪtsəɹ; puyallup=pjuˈæləp; quattro=kwˈɑtɹO; "
    "quetiapine=kwətˈIəpin; rabin=ɹɑːbˈin; rabindranath=ɹəbˈɪndɹənɑːt; raced=ɹˈAst; racquet=ɹˈækɪt; racquets=ɹˈækɪts; "
    "rafah=ɹˈɑːfə; ragged=ɹˈæɡᵻd; rahim=ɹəhˈim; rakuten=ɹˈɑːkʊtɛn; ralston=ɹˈɔlstən; ramallah=ɹəmˈɑːlə; "
    "ramipril=ɹæmˈɪpɹɪl; ramones=ɹəmˈOnz; raonic=ɹˈWnɪʧ; rapunzel=ɹəpˈʌnzᵊl; raqqa=ɹˈɑːkə; rashad=ɹəʃˈɑːd; "
    "rasputin=ɹæspjˈutɪn; raton=ɹətˈOn; reba=ɹˈibə; recce=ɹˈɛki; reggie=ɹˈɛʤi; reiner=ɹˈInəɹ; rena=ɹˈinə; "
    "rensselaer=ɹˌɛnsəlˈɪɹ; reyes=ɹˈAɛs; rhondda=ɹˈɑnðə; ribery=ɹibəɹˈi; rican=ɹˈikən; ricciardo=ɹɪkˈɑːɹdO; "
    "richelieu=ɹˈiʃəljɜː; richter=ɹˈɪktəɹ; rilke=ɹˈɪlkə; rimbaud=ɹæmbˈO; rishikesh=ɹˌɪʃikˈɛʃ; robespierre=ɹˈObzpjɛɹ; "
    "rocher=ɹOʃˈA; rochester=ɹˈɑʧɛstəɹ; rockingham=ɹˈɑkɪŋəm; roderick=ɹˈɑdəɹɪk; rodin=ɹOdˈæn; rollins=ɹˈɑlɪnz; "
    "ronaldinho=ɹˌOnəldˈinjO; roosevelt=ɹˈOzəvɛlt; rosuvastatin=ɹOsˌuvəstˈætɪn; rothschild=ɹˈɔθʧIld; "
    "rotorua=ɹˌOTəɹˈuə; roubaix=ɹubˈA; roubles=ɹˈubᵊlz; rouhani=ɹuhˈɑːni; rowena=ɹOˈinə; roxburgh=ɹˈɑksbəɹə; "
    "rudy=ɹˈudi; russo=ɹˈusO; rutgers=ɹˈʌtɡəɹz; ruthven=ɹˈɪvən; sadat=sədˈɑːt; salinger=sˈælɪnʤəɹ; samir=səmˈɪɹ; "
    "sanaa=sənˈɑː; sancerre=sɑːnsˈɛɹ; sandringham=sˈændɹɪŋəm; sanger=sˈæŋəɹ; santana=sæntˈænə; sault=sˈu; "
    "savile=sˈævᵊl; scavenging=skˈævənʤɪŋ; schaefer=ʃˈAfəɹ; schengen=ʃˈɛŋən; schindler=ʃˈɪndləɹ; "
    "schopenhauer=ʃˈOpənhWəɹ; schreiber=ʃɹˈIbəɹ; schuster=ʃˈustəɹ; schuylkill=skˈukᵊl; schweinsteiger=ʃvˈInʃtIɡəɹ; "
    "schweitzer=ʃwˈItsəɹ; sebastien=səbˈæstjən; secaucus=sɪkˈɔkəs; seconded=sˈɛkəndᵻd; sephora=səfˈɔɹə; "
    "sequim=skwˈɪm; sertraline=sˈɜɹtɹəlin; shabaab=ʃəbˈɑːb; shakur=ʃəkˈʊɹ; she'd've=ʃˈidəv; shih=ʃˈi; "
    "shouldn't've=ʃˈʊdəntəv; silverado=sˌɪlvəɹˈɑːdO; simon=sˈImən; simons=sˈImənz; simvastatin=sˌɪmvəstˈætɪn; "
    "sinhala=sˈɪnhələ; sjogren's=ʃˈOɡɹənz; skaneateles=skˌæniˈætləs; skied=skˈid; somerset=sˈʌməɹsɛt; sousa=sˈuzə; "
    "spotify=spˈɑTɪfI; stanislaus=stˈænɪslɔs; staten=stˈætᵊn; staunton=stˈɔntən; stavanger=stəvˈæŋəɹ; "
    "stearns=stˈɜɹnz; stevie=stˈivi; stipulated=stˈɪpjəlATᵻd; strachan=stɹˈɔn; streatham=stɹˈɛTəm; sturgis=stˈɜɹʤɪs; "
    "suisun=səsˈun; suny=sˈuni; sutherland=sˈʌðəɹlənd; suzy=sˈuzi; sydenham=sˈɪdənəm; tabitha=tˈæbɪθə; "
    "tadalafil=tədˈæləfɪl; takeda=təkˈAdə; tallaght=tˈælə; tamsulosin=tæmsˈuləsɪn; tarek=tˈɑːɹɪk; tatum=tˈATəm; "
    "taupo=tˈWpO; tavares=təvˈɑːɹɛs; taycan=tIkˈɑːn; teignmouth=tˈɪnməθ; tendulkar=tɛndˈulkəɹ; tetbury=tˈɛtbəɹi; "
    "thankyou=θˈæŋkju; thawing=θˈɔɪŋ; these're=ðˈizəɹ; thessaloniki=θˌɛsələnˈiki; they'd've=ðˈAdəv; "
    "thibodaux=tˈɪbədO; those're=ðˈOzəɹ; tiguan=tˈiɡwɑːn; tissot=tisˈO; tobin=tˈObɪn; toblerone=tˈObləɹOn; "
    "toefl=tˈOfᵊl; tofu=tˈOfu; toiled=tˈYld; tooele=tuˈɪlə; torres=tˈɔɹɛs; tourette's=tʊɹˈɛts; towcester=tˈOstəɹ; "
    "toyota=tOjˈOTə; trafalgar=tɹəfˈælɡəɹ; tramadol=tɹˈæmədɔl; transferred=tɹænsfˈɜɹd; transferring=tɹænsfˈɜɹɪŋ; "
    "tribeca=tɹIbˈɛkə; trollope=tɹˈɑləp; trudy=tɹˈudi; tubingen=tˈubɪŋən; tuolumne=tuˈɑləmi; tycho=tˈIkO; "
    "tydfil=tˈɪdvɪl; typed=tˈIpt; ubud=ˈubud; uighur=wˈiɡʊɹ; univision=jˌunɪvˈɪʒən; urquhart=ˈɜɹkəɹt; utero=jˈuTəɹO; "
    "uttoxeter=jutˈɑksɪTəɹ; uxbridge=ˈʌksbɹɪʤ; valets=vælˈAz; valparaiso=vˌælpəɹˈIzO; valsartan=vælsˈɑːɹtæn; "
    "valverde=vælvˈɛɹdA; veloute=vəlutˈA; venlafaxine=vˌɛnləfˈæksin; verandah=vəɹˈændə; verdi=vˈɛɹdi; vidal=vidˈɑːl; "
    "vueling=vwˈAlɪŋ; walsingham=wˈɔlsɪŋəm; we'd've=wˈidəv; weeknd=wˈikɛnd; wegovy=wɪɡˈOvi; "
    "wellingborough=wˈɛlɪŋbəɹə; wemyss=wˈimz; wenger=vˈɛŋəɹ; wes=wˈɛs; whakatane=fˌɑːkətˈɑːni; what've=wˈʌTəv; "
    "whinging=wˈɪnʤɪŋ; why're=wˈIəɹ; why've=wˈIəv; wilkes-barre=wˈɪlksbæɹi; winnipesaukee=wˌɪnɪpəsˈɔki; "
    "wisbech=wˈɪzbiʧ; woking=wˈOkɪŋ; wouldn't've=wˈʊdəntəv; wozniacki=vˌɑzniˈæki; wurzburg=vˈɜɹtsbɜɹɡ; "
    "wycombe=wˈɪkəm; wymondham=wˈɪndəm; xhaka=ʤˈɑːkə; yachats=jˈɑːhɑːts; yanukovych=jˌɑːnukˈOvɪʧ; yaounde=jˌɑːʊndˈA; "
    "yeager=jˈAɡəɹ; yeates=jˈAts; yoshida=jOʃˈidə; you'd've=jˈudəv; youghal=jˈɔl; youghiogheny=jˌɑkəɡˈAni; "
    "youths=jˈuðz; yreka=wIɹˈikə; zacchaeus=zækˈiəs; zakaria=zəkˈɑːɹiə; zamora=zəmˈɔɹə; zaporizhzhia=zˌæpəɹˈiʒə; "
    "zinedine=zˈinədin; zoloft=zˈOlɔft; zolpidem=zˈOlpɪdɛm; zyrtec=zˈɜɹtɛk; "
    # others
    "characterisation=kˌæɹɪktəɹIzˈAʃən; civilisation=sˌɪvəlIzˈAʃən; copied=kˈɑpid; defenceman=dəfˈɛnsmən; "
    "enquiries=ɪŋkwˈIəɹiz; enquiry=ɪŋkwˈIəɹi; geometrical=ʤˌiəmˈɛtɹɪkᵊl; hahahaha=hˌɑːhɑːhɑːhˈɑː; "
    "intercultural=ˌɪntəɹkˈʌlʧəɹəl; liberalism=lˈɪbəɹəlɪzəm; meteorological=mˌiTiəɹəlˈɑʤɪkᵊl; pajama=pəʤˈɑːmə; "
    "poorer=pˈʊɹəɹ; poorest=pˈʊɹəst; purest=pjˈʊɹəst; terracotta=tˌɛɹəkˈɑTə; whistleblower=wˈɪsᵊlblOəɹ; "
    "whistleblowers=wˈɪsᵊlblOəɹz; "
)
# read so with their accents only: without them they are other words
_ACCENTED = parse_table(
    "coupé=kupˈA; exposé=ˌɛkspOzˈA; exposés=ˌɛkspOzˈAz; lamé=lɑːmˈA; mañana=mənjˈɑːnə; maté=mˈɑːtA; moët=mOˈɛt; nestlé=nˈɛslA; "
    "niño=nˈinjO; niña=nˈinjə; noël=nOˈɛl; outré=utɹˈA; pavé=pævˈA; peña=pˈAnjə; pâté=pɑːtˈA; rosé=ɹOzˈA; roué=ɹuˈA; "
    "résumé=ɹˈɛzəmA; résumés=ɹˈɛzəmAz; saké=sˈɑːki; épée=ˈɛpA"
)

_BEFORE_VERB = (
    r"(?:i|we|they|you|he|she|who|it|will|would|can|could|may|might|shall|should|must|cannot|not|"
    r"\w+n't|\w+'ll|always|never|often|strongly)"
)
_POSSESSIVE = r"(?:my|your|his|her|its|our|their)"
_AFTER_BE = r"(?:am|is|are|was|were|be|been|being|\w+'(?:m|s|re)|not|quite|perfectly|(?:feel|seem|look|remain|stay)(?:s|ed)?|felt)"
_START = r"(?:^|[.!?] )"
_WAY = r"(?:road|river|path|trail|track|street|lane|stream|stairs|staircase|line|queue|procession|route|highway|way|canal)"
_ALONG = (
    r"(?:through|around|along|up|down|between|past|across|its|into|over|back|away|out|among|by|round|to|toward|towards|"
    r"upwards?)"
)
_SHUTS = (
    r"(?:shops|stores|banks|doors?|gates?|offices|polls|markets|museums|restaurants|bars|pubs|applications|entries|ports|"
    r"curtains|eyes|eyelids|lids?|mouth|fingers)"
)
_LETTERS = re.compile("[a-z]+")
_ABOUT_FISH = re.compile(
    r"\b(?:fish\w*|caught|catch\w*|lake|river|hook\w*|bait|grill\w*|fillet\w*|pond|sea|striped|\w+mouth)\b"
)

_ABOUT_MUSIC = re.compile(
    r"\bbass (?:guitar|player|drum|line|clef|solo|riff|part|note|amp|boost|voice|singer)|\b(?:play(?:s|ed|ing)?|double|electric) bass\b"
)

# of each word what stands around it (it is the last group) and how it is said there
_HOMOGRAPHS = {
    word: tuple((re.compile(pattern), phonemes) for pattern, phonemes in readings)
    for word, readings in {
        "abuse": (
            (
                rf"\b(?:{_BEFORE_VERB}|to|people|and|or) (abuse)(?= (?:drugs|alcohol|{_POSSESSIVE}|the|an?|him|her|them|it|this|"
                r"that|power|children|animals|others|substances|[a-z]+s)\b)",
                "əbjˈuz",
            ),
            (r"\b(?:who|not to|to) (abuse)\b", "əbjˈuz"),
        ),
        "aged": (
            (r"\b(?:of|for|to|with) the (aged)(?=[.,;!?]|$| and\b)", "ˈAʤᵻd"),
            (
                r"\b(?:an|the|his|her|their) (aged)(?= (?:man|woman|parents?|mother|father|relatives?|couple)\b)",
                "ˈAʤᵻd",
            ),
        ),
        "bass": ((r"\b(bass)\b", "bˈAs"),),
        "blessed": ((r"\b(blessed)(?= (?:day|event|virgin|sacrament|mother|are|be|relief|silence)\b)", "blˈɛsᵻd"),),
        "bow": (
            (
                r"\b(?:low|deep|stiff|formal|mock|polite|courtly|sweeping|graceful|curt|respectful|theatrical|solemn|gallant|slight|exaggerated) (bow)\b(?! (?:tie|and arrow|window))",
                "bˈW",
            ),
            (
                r"\b(?:gave|gives?|giving) (?:him |her |them |me |us )?(?:an?|his|her) (?:little |small |quick |short |half )?(bow)\b(?! (?:tie|and arrow))",
                "bˈW",
            ),
            (
                r"(?<!pulled )(?<!tugged )\b(?:at|across|off|over|near) the (?:port |starboard |ship's |boat's )?(bow)\b(?! (?:tie|string|window|and arrow))",
                "bˈW",
            ),
            (
                rf"\b(?:took|takes?|taking|taken) (?:an?|{_POSSESSIVE}|one last) (?:final |deep )?(bow)\b"
                r"(?! (?:and arrow|tie))",
                "bˈW",
            ),
            (r"\b(bow)(?= of (?:the|an?|his|her|our|their) (?:\w+ )?(?:ship|boat|vessel|canoe|yacht))", "bˈW"),
        ),
        "bowed": ((r"\b(bowed)\b(?! (?:leg|string|instrument))", "bˈWd"),),
        "close": (
            (
                rf"\b{_SHUTS} (close)(?= (?:at|on|for|behind|early|late|again|around|as|when|and|before|after|automatically|down|soon|today|tomorrow|slowly|tight|tightly|until)\b|[.,;!?]|$)",
                "klˈOz",
            ),
            (
                r"(?<!are )(?<!were )\b(?:we|they|you) (close)(?= (?:at|early|late|on|for|our|my|your|their|it|this|down|up)\b)",
                "klˈOz",
            ),
            (
                rf"{_START}(close)(?= (?:all|the|this|that|your|my|it|an?|account|accounts|window|windows|tab|tabs|app|menu|door|"
                r"file|button|down|up|out)\b)",
                "klˈOz",
            ),
            (r"\b(?:to|at|until|from) (?:the|a) (close)(?=[.,;!?]|$| (?:of|with|on|in|as|after|when)\b)", "klˈOz"),
        ),
        "conflict": (
            (
                r"\b(?:they|dates|times|schedules|would|could|may|might|will|can|\w+n't|do(?:es)? not) (conflict)\b",
                "kənflˈɪkt",
            ),
        ),
        "conflicts": ((r"\b(?:it|this|that|which|time|date|meeting|schedule) (conflicts)(?= with)", "kənflˈɪkts"),),
        "console": (
            (r"\b(console)(?= (?:him|her|them|me|us|the (?:child|widow|family|crying)|each other)\b)", "kənsˈOl"),
        ),
        "content": (
            (
                rf"\b{_AFTER_BE} (?:(?:you|they|we|he|she|i) )?(content)(?= (?:with|to|in|just)\b|[.,;!?]|$)",
                "kəntˈɛnt",
            ),
        ),
        "dove": (
            (
                r"(?<!\ba )(?<!\bthe )(?<!\bwhite )(?<!\bturtle )\b(dove)"
                r"(?= (?:into|in|off|down|under|deep|deeper|head|right|straight)\b)",
                "dˈOv",
            ),
        ),
        "invalid": (
            (
                r"\b(?:an|the|his|her|chronic|helpless|poor) (invalid)"
                r"(?=[.,;!?]|$| (?:for|who|since|wife|husband|son|mother)\b)",
                "ˈɪnvəlɪd",
            ),
        ),
        "lead": (
            (r"\b(?:covered|lined|clad|encased|coated|made) (?:in|with|of|from) (lead)\b(?! (?:by|roles?))", "lˈɛd"),
            (
                r"\b(?:like|heavy as|lumps? of|tons? of|ounces? of|pounds? of|sheets? of|amounts? of|concentrations? of|(?:positive|tested|testing) for) (lead)(?=[.,;!?]|$| (?:in|and|had|were|was)\b)",
                "lˈɛd",
            ),
            (
                r"\b(lead)(?=[ -](?:balloons?|shot|weights?|lining|crystal|glass|aprons?|coffins?|piping|roof|roofing|sheets?|ingots?|mines?|mining|smelt\w*|acetate|batter\w+|exposure|contamin\w+|toxicity|free)\b)",
                "lˈɛd",
            ),
            (
                r"\b(?:copper|zinc|tin|iron|silver|mercury|arsenic|cadmium|nickel)(?:,| and| or|, and|, or) (lead)\b(?! (?:to|the|singer))",
                "lˈɛd",
            ),
            (r"\b(lead)(?=,? (?:and|or) (?:mercury|arsenic|zinc|copper|cadmium|tin|silver|iron|asbestos)\b)", "lˈɛd"),
            (rf"{_START}(lead)(?= (?:is|was) (?:an?|the|used|toxic|found|heavy|soft|poisonous)\b)", "lˈɛd"),
            (r"\bpencil (lead)\b", "lˈɛd"),
            (
                r"\b(lead)(?=[ -](?:pipe|paint|poison|pencil|ore\b|bullet|solder|foil|oxide|contaminat|dust|acid|based\b))",
                "lˈɛd",
            ),
            (
                r"\b(lead)(?= (?:levels?|in (?:(?:drinking|tap|the) water|paint|petrol|gasoline)|is (?:toxic|a metal)))",
                "lˈɛd",
            ),
            (r"\b(?:exposure to|levels? of|mercury and|mercury,) (lead)\b", "lˈɛd"),
            (r"\b(?:made of|molten|contain(?:s|ed|ing)?|traces of) (lead)\b", "lˈɛd"),
        ),
        "learned": (
            (r"\b(?:my|our|your) (learned)(?= (?:friends?|colleagues?|counsel|brothers?)\b)", "lˈɜɹnᵻd"),
            (
                r"\b(?:the|a|his|her|most|very) (learned)"
                r"(?= (?:m[ae]n|woman|professor|judge|friend|society|scholar|gentleman|journal))",
                "lˈɜɹnᵻd",
            ),
        ),
        "lima": ((r"\b(lima)(?= beans?)", "lˈImə"),),
        "live": (
            (r"\b(?:joins?|joining|joined) (?:us|me) (live)\b", "lˈIv"),
            (r"\b(live)(?= stream(?:s|ed|ing)?\b)", "lˈIv"),
            (
                r"\b(?:watch(?:ed|ing)?|perform(?:s|ed|ing)?|play(?:s|ed|ing)?|stream(?:s|ed|ing)?|broadcast|record(?:ed|ing)?|"
                r"shown|aired?|sang|sing(?:s|ing)?|going|went|go|goes|are now|is now)(?: it)? (live)\b(?! (?:in|with|at|for) \w+ing\b)",
                "lˈIv",
            ),
            (rf"{_START}(live)(?= (?:from|music|on|stream|tv|updates|broadcast)\b)", "lˈIv"),
            (
                r"\b(live)(?= (?:on (?:air|tv|television|stage|the air)|streams?|music|broadcasts?|audience|concert|show|"
                r"coverage)\b)",
                "lˈIv",
            ),
        ),
        "minute": (
            (
                r"\b(?:so|too|very|incredibly|extremely|infinitely|differences are|amounts are) (minute)(?=[.,;!?]|$| that\b)",
                "mInˈut",
            ),
            (
                r"(?<!last )\b(minute)"
                r"(?= (?:detail|amount|quantit|trace|particle|difference|fragment|variation|speck|grain))",
                "mInˈut",
            ),
        ),
        "mobile": ((r"\b(mobile)(?=, ala)", "mObˈil"),),
        "moderate": (
            (rf"\b{_BEFORE_VERB} (moderate)\b(?! to)", "mˈɑdəɹˌAt"),
            (rf"{_START}(moderate)(?= (?:{_POSSESSIVE}|the)\b)", "mˈɑdəɹˌAt"),
        ),
        "object": (
            (r"\b(?:do|does|did) (?:anyone|anybody|you|they|he|she|we|i) (object)\b", "əbʤˈɛkt"),
            (rf"\b{_BEFORE_VERB} (object)\b(?!-)", "əbʤˈɛkt"),
            (r"\bto (object)(?= to\b|[.,;!?]|$)", "əbʤˈɛkt"),
        ),
        "objects": ((r"\b(?:he|she|who|no one|nobody|everyone) (objects)\b", "əbʤˈɛkts"),),
        "polish": ((rf"{_START}(polish)(?= (?:the|it|each|them|{_POSSESSIVE})\b)", "pˈɑlɪʃ"),),
        "presents": (
            (
                r"\b(?:birthday|christmas|wedding|wrapped|wrap(?:ping)?|the|these|those|his|her|my|your|our|their|some|many|of|two|"
                r"three|more|no|any|open(?:ed|ing)?|buy(?:ing)?|bought|gave|give|giving|with|and) (presents)\b(?! (?:an?|the|as) )",
                "pɹˈɛzᵊnts",
            ),
        ),
        "project": (
            (r"\bto (project)(?= (?:it|them|him|her|us|itself|themselves)\b)", "pɹəʤˈɛkt"),
            (rf"\b{_BEFORE_VERB} (project)\b(?! (?:manage|lead|team|plan|director|work))", "pɹəʤˈɛkt"),
            (rf"\bto (project)(?= (?:an?|the|that|{_POSSESSIVE}|images?|power|confidence|growth)\b)", "pɹəʤˈɛkt"),
        ),
        "projects": (
            (
                r"\b(?:company|bank|government|firm|agency|it|he|she|report|now) (projects)"
                r"(?= (?:an?|the|that|growth|sales|revenue)\b)",
                "pɹəʤˈɛkts",
            ),
        ),
        "read": (
            (
                r"\b(?:did|does|do|can|could|will|would|should|let|helped|help|hear|heard|watched|watch|made|make|saw) (?:the|an?|my|your|his|her|our|their) (?:\w+ )?(?:father|mother|teacher|priest|judge|man|woman|boy|girl|brother|sister|son|daughter|wife|husband|children|kids) (read)\b",
                "ɹˈid",
            ),
            (r"\b(?:if|before|when|once|unless|until|whenever|as) you (read)\b", "ɹˈid"),
            (
                r"\b(?:people|children|students|kids|those|men|women) who (read)(?= (?:do|are|tend|have|well|often|more|a lot|for)\b)",
                "ɹˈid",
            ),
            (
                r"\b(?:sat|lay|stood|went|took|came|got|found|(?!\w*eed\b)\w{2,}ed)(?: (?!to\b|and\b)\w+){0,4} and (read)\b",
                "ɹˈɛd",
            ),
            (
                r"\b(?:message|sign|note|letter|label|headline|caption|email|text|inscription|plaque|card|banner|poster|tweet|statement|notice|it|which|that) (read)(?=[:,] |:$)",
                "ɹˈɛd",
            ),
            (
                r"(?:^|[.,;!?] |\b(?:and|but|as|when|while|then|because) )(?:the|an?|my|his|her|our|their) (?:\w+ )?(?:father|mother|dad|mum|mom|grandmother|grandfather|teacher|priest|judge|"
                r"king|queen|doctor|officer|man|woman|boy|girl|brother|sister|son|daughter|wife|husband|clerk|sign|letter|note|message) (read)\b",
                "ɹˈɛd",
            ),
            (
                r"\b(?:have|has|had) (?:not )?(?:you|they|we|he|she|i|anyone|everyone)(?: ever| never| already| just)? "
                r"(read)\b",
                "ɹˈɛd",
            ),
            (
                r"\b(?:i|we|they|you|people|children)(?: often| usually| always| rarely| sometimes)? (read)"
                r"(?= (?:every|each|daily|for fun|a lot)\b)",
                "ɹˈid",
            ),
        ),
        "resume": (
            (r"\b(?:strong|great|good|impressive|academic|online|blank|video|one-page) (resume)\b", "ɹˈɛzəmA"),
            (r"\bthe (resume)(?= (?:is|was|shows|says|lists|should)\b)", "ɹˈɛzəmA"),
            (r"\b(resume)(?= (?:builder|template|writer|writing)\b)", "ɹˈɛzəmA"),
            (
                rf"\b(?:a|{_POSSESSIVE}|updated?|attached|send|submit|polished|professional) (resume)\b"
                r"(?! (?:of|the|play|work|button))",
                "ɹˈɛzəmA",
            ),
            (r"\b(resume)(?= (?:and|or) (?:a )?cover)", "ɹˈɛzəmA"),
        ),
        "resumes": (
            (
                r"\b(?:submit(?:ted|ting)?|review(?:ed|ing)?|read|applicants'?|job|stack of|send) (resumes)\b",
                "ɹˈɛzəmAz",
            ),
            (rf"\b(?:{_POSSESSIVE}|updated?|send|submit|polished|of|many|these) (resumes)\b", "ɹˈɛzəmAz"),
        ),
        "row": (
            (r"\b(?:we|they|you|i|to|can|could|will|would|must|he'll|we'll|let's) (row)(?= over\b)", "ɹˈO"),
            (
                r"\b(?:had|has|have|having|started|starting|sparked|caused|after|amid|into) an? (?:\w+ )?(row)(?= (?:with (?!\d|two|three|four)|about|over|between|last|this|that|because)\b|[.,;!?]|$)",
                "ɹˈW",
            ),
            (r"\b(?:the|an?|this|that) (row)(?= about\b)", "ɹˈW"),
            (
                r"\b(?:diplomatic|public|family|trade|race|flaming|terrible|almighty|unholy|growing|stand-up|violent) (row)\b(?! of\b)",
                "ɹˈW",
            ),
            (r"\b(row)(?= (?:over|erupt|broke out))", "ɹˈW"),
            (r"\b(?:blazing|furious|bitter|huge|political|heated) (row)\b", "ɹˈW"),
        ),
        "tear": (
            (r"\bon a (tear)(?=[.,;!?]|$| (?:lately|recently|since|this)\b)", "tˈɛɹ"),
            (
                r"\b(?:acl|ligament|muscle|meniscus|tendon|cuff|labral|a c l|small|partial|showed a) (tear)"
                r"(?=[.,;!?]|$| (?:in|of|to) (?:his|her|my|the|an?|your|their) (?!eyes?\b))",
                "tˈɛɹ",
            ),
            (rf"{_START}(tear)(?= (?:along|here|off|open|up|down|out|it|the|apart)\b)", "tˈɛɹ"),
            (r"\bwear and (tear)\b", "tˈɛɹ"),
            (rf"\b(tear)(?= (?:in|through) (?:the|an?|{_POSSESSIVE})\b)(?! in \w+ (?:\w+ )?eye)", "tˈɛɹ"),
        ),
        "dogged": (
            (r"\b(?:with|his|her|their|sheer|a|an|of) (dogged)(?= \w)", "dˈɔɡᵻd"),
            (
                r"\b(dogged)(?= (?:determination|persistence|pursuit|resistance|refusal|defen[cs]e|efforts?)\b)",
                "dˈɔɡᵻd",
            ),
        ),
        "beloved": ((r"\b(?:my|his|her|our|your|their|an?|the|most|dearly) (beloved)\b(?! (?:by|of)\b)", "bəlˈʌvᵻd"),),
        "supposed": ((r"\b(?:the|an?|his|her|their|its|this|any) (supposed)(?= (?!to\b)\w)", "səpˈOzᵻd"),),
        "tears": ((r"\b(?:muscle|ligament|acl|tendon|meniscus|cuff|labral|hamstring) (tears)\b", "tˈɛɹz"),),
        "permit": ((r"\b(?:weather|time|conditions|circumstances|funds|resources) (permit)(?=[.,;!?]|$)", "pəɹmˈɪt"),),
        "refuse": (
            (r"\b(?:household|domestic|garden|kitchen) (refuse)\b", "ɹˈɛfjus"),
            (
                r"(?<!they )(?<!we )(?<!you )(?<!to )\b(refuse)(?= (?:was|is|collect\w*|bins?|dumps?|tips?|heaps?|lorr\w+|sacks?|bags?|disposal)\b)",
                "ɹˈɛfjus",
            ),
        ),
        "contract": ((r"\b(?:muscles|pupils|vessels|arteries|metals|economies) (contract)\b", "kəntɹˈækt"),),
        "graduate": (
            (
                r"\b(graduate)(?= (?:schools?|students?|studies|degrees?|programs?|programmes?|courses?|work|diplomas?|trainees?|schemes?)\b)",
                "ɡɹˈæʤuət",
            ),
        ),
        "sake": (
            (
                r"\b(?:cups?|bottles?|glass(?:es)?|flasks?|hot|warm|cold|chilled|drink(?:ing)?|drank|sip(?:ped|ping)?)(?: of)? (sake)\b",
                "sˈɑːki",
            ),
        ),
        "diffuse": ((r"\b(?:an?|the|more|is|are|was|very|too|so) (diffuse)\b", "dəfjˈus"),),
        "frequent": (
            (
                rf"\b(?:{_BEFORE_VERB}|to|who|people) (frequent)(?= (?:the|this|these|such|it|bars|{_POSSESSIVE})\b)",
                "fɹikwˈɛnt",
            ),
        ),
        "moped": (
            (
                r"\b(?:an?|the|his|her|my|our|your|by|on|electric|old|stolen|two) (moped)\b(?! (?:around|about)\b)",
                "mˈOpɛd",
            ),
        ),
        "lives": ((r"\b(?:black|white|blue|all) (lives)(?= matter)", "lˈIvz"),),
        "winds": ((rf"\b{_WAY} (winds)(?= {_ALONG}\b)", "wˈIndz"),),
        "wound": (
            (rf"\b{_WAY} (wound)(?= {_ALONG}\b)", "wˈWnd"),
            (r"\b(?:tightly|all|too) (wound)(?= up\b|[.,;!?]|$)", "wˈWnd"),
        ),
        "deserts": ((r"\bjust (deserts)\b", "dəzˈɜɹts"),),
        "axes": (
            (
                r"\b(?:with|their|his|two|three|battle|ice|stone|hand|sharp|carr(?:y|ied|ying)|swung|swing(?:ing)?|wield(?:ed|ing)|and) (axes)\b(?! of\b)",
                "ˈæksᵻz",
            ),
            (r"\b(axes)(?= (?:jobs?|hundreds|thousands|plans?|staff|the|its)\b)", "ˈæksᵻz"),
        ),
        "putting": ((r"\b(putting)(?= (?:greens?|surface|stroke|practice|contest)\b)", "pˈʌTɪŋ"),),
        "job": ((r"\b(?:book|patience) of (job)\b(?! (?:tips|offers|listings))", "ʤˈOb"),),
        "protest": (
            (
                rf"\b(?:{_BEFORE_VERB}|to|workers|students|farmers|residents|people|thousands|hundreds) (protest)\b(?! (?:march\w*|movements?|groups?|songs?|votes?|rall\w+|camps?|leaders?|organi\w+|letters?|music)\b)",
                "pɹətˈɛst",
            ),
        ),
        "rows": ((r"\b(?:having|blazing|furious|bitter|heated|family|terrible|flaming) (rows)\b(?! of\b)", "ɹˈWz"),),
        "used": (
            (
                r"\b(?:gets?|got|getting|gotten|becomes?|became|becoming|grow|grew|grown|growing) (?:\w+ly |so |quite |very |more |all )?(used)(?= to\b)",
                "jˈust",
            ),
            (
                r"\b(?:am|is|are|was|were|been|being|\w+'(?:m|s|re)|not|\w+n't|never|so|more|well|longer) (?:\w+ly |so |quite )?(used)"
                r"(?= to(?:[.,;!?]|$| (?:(?!bring|sing|string|swing|cling|fling|sting|ring|spring)\w{2,}ing|it|this|that|these|those|him|her|them|us|me|you|my|your|his|its|our|their|"
                r"people|such|hard|cold|hot|life|the(?! full| max| utmost)|an?(?! large| great| certain| limited))\b))",
                "jˈust",
            ),
        ),
    }.items()
}
# a town, if it has a capital
_TOWNS = {
    "Nice": (
        re.compile(
            r"(?:(?:(?<=[Ii]n )|(?<=to )|(?<=from )|(?<=near )|(?<=via )|(?<=visited )|(?<=visit )|(?<=leaving )|(?<=left )|"
            r"(?<=city of ))|(?=Nice(?:, France| [Aa]irport)\b))(Nice)\b(?! (?:to|and|try|work|job))"
        ),
        "nˈis",
    ),
    "Reading": (
        re.compile(
            r"(?:(?:(?<=[Ii]n )|(?<=to )|(?<=from )|(?<=near )|(?<=of )|(?<=via ))(?=Reading(?:[.,;!?]|$))|(?<=[Ll]ondon and )|"
            r"(?=Reading (?:F ?C|Festival|Station|Borough|Council|Gaol|Abbey)\b))(Reading)\b"
        ),
        "ɹˈɛdɪŋ",
    ),
}


def to_british(phonemes: str) -> str:
    """A pronunciation of this module in British English: no r but before vowels, long vowels, `t` for flaps."""
    phonemes = phonemes.replace("T", "t").replace("ᵻ", "ɪ").replace("æ", "a").replace("O", "Q")
    phonemes = re.sub("ɑ(?![ːɹ])", "ɒ", phonemes)
    phonemes = re.sub(
        f"(ɑː|[ɜɑɔɛɪiʊə])ɹ(?=([ˈˌ]*[{_VOWELS}])?)", lambda m: _BEFORE_R[m[1]] + ("ɹ" if m[2] else ""), phonemes
    )
    return re.sub("(?:[ɔu]|(?<=[ˈˌ])i)(?!ː)", r"\g<0>ː", phonemes)


def _in_accent(words: Mapping[str, str], british: bool) -> dict[str, str]:
    return {word: to_british(said) if british else said.replace("ː", "") for word, said in words.items()}


@functools.cache
def known_pronunciations(british: bool) -> Mapping[str, str]:
    """Phonemes of words in small letters, whatever stands around them."""
    return _in_accent(_WORDS, british)


@functools.cache
def accented_pronunciations(british: bool) -> Mapping[str, str]:
    """Phonemes of words in small letters that are other words without their accents, "résumé"."""
    return _in_accent(_ACCENTED, british)


def find_homographs(text: str, british: bool) -> Iterator[tuple[int, int, str]]:
    """
    Words in a text whose pronunciation their neighbours tell, where the G2P packages are likely to miss it.

    Args:
        text (`str`): A normalised text.
        british (`bool`): Whether British pronunciations are wanted.

    Yields:
        `tuple[int, int, str]`: Begin and end of a word, and its phonemes.
    """
    small = text.lower()
    words = _HOMOGRAPHS.keys() & _LETTERS.findall(small)
    if "bass" in words and _ABOUT_FISH.search(small) and not _ABOUT_MUSIC.search(small):
        words.remove("bass")
    readings = [(small, reading) for word in sorted(words) for reading in _HOMOGRAPHS[word]]
    readings += [(text, reading) for word, reading in _TOWNS.items() if word in text]
    for where, (pattern, phonemes) in readings:
        for match in pattern.finditer(where):
            yield *match.span(1), to_british(phonemes) if british else phonemes.replace("ː", "")


__all__ = ["accented_pronunciations", "find_homographs", "known_pronunciations", "to_british"]
