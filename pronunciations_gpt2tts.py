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
    # others
    "characterisation=kˌæɹɪktəɹIzˈAʃən; civilisation=sˌɪvəlIzˈAʃən; copied=kˈɑpid; defenceman=dəfˈɛnsmən; "
    "enquiries=ɪŋkwˈIəɹiz; enquiry=ɪŋkwˈIəɹi; geometrical=ʤˌiəmˈɛtɹɪkᵊl; hahahaha=hˌɑːhɑːhɑːhˈɑː; "
    "intercultural=ˌɪntəɹkˈʌlʧəɹəl; liberalism=lˈɪbəɹəlɪzəm; meteorological=mˌiTiəɹəlˈɑʤɪkᵊl; pajama=pəʤˈɑːmə; "
    "poorer=pˈʊɹəɹ; poorest=pˈʊɹəst; purest=pjˈʊɹəst; terracotta=tˌɛɹəkˈɑTə; whistleblower=wˈɪsᵊlblOəɹ; "
    "whistleblowers=wˈɪsᵊlblOəɹz; "
)
# read so with their accents only: without them they are other words
_ACCENTED = parse_table(
    "coupé=kupˈA; exposé=ˌɛkspOzˈA; exposés=ˌɛkspOzˈAz; lamé=lɑːmˈA; mañana=mənjˈɑːnə; maté=mˈɑːtA; moët=mOˈɛt; "
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
_LETTERS = re.compile("[a-z]+")
_ABOUT_FISH = re.compile(
    r"\b(?:fish\w*|caught|catch\w*|lake|river|hook\w*|bait|grill\w*|fillet\w*|pond|sea|striped|\w+mouth)\b"
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
            (
                r"\b(?:an|the|his|her|their) (aged)(?= (?:man|woman|parents?|mother|father|relatives?|couple)\b)",
                "ˈAʤᵻd",
            ),
        ),
        "bass": ((r"\b(bass)\b", "bˈAs"),),
        "blessed": ((r"\b(blessed)(?= (?:day|event|virgin|sacrament|mother|are|be|relief|silence)\b)", "blˈɛsᵻd"),),
        "bow": (
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
            (
                r"\b(?:the|a|his|her|most|very) (learned)"
                r"(?= (?:m[ae]n|woman|professor|judge|friend|society|scholar|gentleman|journal))",
                "lˈɜɹnᵻd",
            ),
        ),
        "lima": ((r"\b(lima)(?= beans?)", "lˈImə"),),
        "live": (
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
            (
                rf"\b(?:a|{_POSSESSIVE}|updated?|attached|send|submit|polished|professional) (resume)\b"
                r"(?! (?:of|the|play|work|button))",
                "ɹˈɛzəmA",
            ),
            (r"\b(resume)(?= (?:and|or) (?:a )?cover)", "ɹˈɛzəmA"),
        ),
        "resumes": ((rf"\b(?:{_POSSESSIVE}|updated?|send|submit|polished|of|many|these) (resumes)\b", "ɹˈɛzəmAz"),),
        "row": (
            (r"\b(row)(?= (?:over|erupt|broke out))", "ɹˈW"),
            (r"\b(?:blazing|furious|bitter|huge|political|heated) (row)\b", "ɹˈW"),
        ),
        "tear": (
            (
                r"\b(?:acl|ligament|muscle|meniscus|tendon|cuff|labral|a c l|small|partial|showed a) (tear)"
                r"(?=[.,;!?]|$| (?:in|of|to) (?:his|her|my|the|an?|your|their) (?!eyes?\b))",
                "tˈɛɹ",
            ),
            (rf"{_START}(tear)(?= (?:along|here|off|open|up|down|out|it|the|apart)\b)", "tˈɛɹ"),
            (r"\bwear and (tear)\b", "tˈɛɹ"),
            (rf"\b(tear)(?= (?:in|through) (?:the|an?|{_POSSESSIVE})\b)(?! in \w+ (?:\w+ )?eye)", "tˈɛɹ"),
        ),
    }.items()
}
# a town, if it has a capital
_TOWNS = {
    "Nice": (
        re.compile(r"\b(?:[Ii]n|to|from|near|via|visit(?:ed|ing)?|leaving|left) (Nice)\b(?! (?:to|and|try|work|job))"),
        "nˈis",
    ),
    "Reading": (re.compile(r"\b(?:[Ii]n|to|from|near) (Reading)(?=[.,;!?]|$)"), "ɹˈɛdɪŋ"),
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
    if "bass" in words and _ABOUT_FISH.search(small):
        words.remove("bass")
    readings = [(small, reading) for word in sorted(words) for reading in _HOMOGRAPHS[word]]
    readings += [(text, reading) for word, reading in _TOWNS.items() if word in text]
    for where, (pattern, phonemes) in readings:
        for match in pattern.finditer(where):
            yield *match.span(1), to_british(phonemes) if british else phonemes.replace("ː", "")


__all__ = ["accented_pronunciations", "find_homographs", "known_pronunciations", "to_british"]
