# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
"""
Texts for synthetic training speech: transcripts of LJSpeech, example sentences of WordNet, sentences from templates and
very short texts, normalised, phonemized and in an order of which every beginning covers the pairs of sounds.

    apt-get install wordnet-base && pip install hibari-tts
    python recipes/corpus_texts.py --ljspeech LJSpeech-1.1/metadata.csv --wordnet /usr/share/wordnet --out texts.jsonl

writes a line for each text: `{"id", "kind", "text", "us": [[text, phonemes], ...], "gb": ...}`. What is tested on is left
out: the texts in `texts/`, chapter LJ050 of LJSpeech, and what `recipes/left_out.txt` knows by its hash.
"""

import argparse
import hashlib
import itertools
import json
import logging
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from gpt2tts.phonemes_gpt2tts import PHONEMES, EnglishPhonemizer, Segment
from gpt2tts.text_normalization_gpt2tts import normalize_english_text

REPOSITORY = Path(__file__).resolve().parents[1]
LEFT_OUT_CHAPTER = "LJ050-"
LONGEST_SYMBOLS = 240
LONGEST_SECONDS = 14.0
SECONDS_A_SOUND, SECONDS_A_PAUSE = 0.075, 0.25
SHORT_SHARE = 0.17
CONTAINED_LETTERS = 16  # a shorter test text is in some sentence everywhere

logger = logging.getLogger(__name__)


class Text(NamedTuple):
    """A text to be spoken: a name that stays when other texts come or go, where it is from, and the words."""

    id: str
    kind: str
    text: str


def letters_of(text: str) -> str:
    """The lower-case letters of a text: what two texts are compared by."""
    return re.sub("[^a-z]", "", text.lower())


# --- what is left out -------------------------------------------------------------------------------------------------


class LeftOut:
    """
    Knows the texts that must not be trained on.

    Args:
        texts (`Iterable[str]`): Texts that are left out, and those of some length also inside other texts.
        hashes (`Iterable[str]`): First 8 hex digits of the SHA-256 of the letters of more texts.
    """

    def __init__(self, texts: Iterable[str], hashes: Iterable[str] = ()):
        self.letters = {letters_of(form) for text in texts for form in (text, normalize_english_text(text))} - {""}
        self.contained = sorted(text for text in self.letters if len(text) >= CONTAINED_LETTERS)
        self.hashes = frozenset(hashes)

    def __contains__(self, text: str) -> bool:
        letters = letters_of(text)
        digest = hashlib.sha256(letters.encode()).hexdigest()[:8]
        return letters in self.letters or digest in self.hashes or any(text in letters for text in self.contained)


def load_left_out(repository: Path, ljspeech: Path | None) -> LeftOut:
    """The test and validation texts of the repository, the held-out chapter of LJSpeech, and the hashes."""
    texts = [
        line.split("|", 2)[-1]
        for name in ("test.txt", "validation.txt")
        for line in (repository / "texts" / name).read_text(encoding="utf-8").splitlines()
    ]
    if ljspeech is not None:
        texts += [row[-1] for row in _metadata(ljspeech) if row[0].startswith(LEFT_OUT_CHAPTER)]
    hashes = (repository / "recipes" / "left_out.txt").read_text(encoding="utf-8").splitlines()
    return LeftOut(texts, [line for line in hashes if not line.startswith("#")])


# --- LJSpeech and WordNet ---------------------------------------------------------------------------------------------


def _metadata(path: Path) -> list[list[str]]:
    rows = [line.split("|") for line in path.read_text(encoding="utf-8").splitlines() if line]
    for number, row in enumerate(rows, start=1):
        if len(row) != 3:
            raise ValueError(f"{path}, line {number}: not `id|transcript|normalised transcript`")
    return rows


def ljspeech_texts(path: Path) -> list[Text]:
    """The normalised transcripts, without the chapter that is kept for tests."""
    return [
        Text(f"lj-{name}", "ljspeech", text)
        for name, _, text in _metadata(path)
        if not name.startswith(LEFT_OUT_CHAPTER)
    ]


_AUXILIARY = "do|does|did|is|are|was|were|can|could|will|would|shall|should|have|has|had|may|might|must|am"
_QUESTION = re.compile(
    rf"(?:who|whom|whose|what|when|where|why|how|which)(?:'s|'re)? (?:\w+ )?(?:{_AUXILIARY})(?:n't)? "
    rf"|(?:{_AUXILIARY})(?:n't)? (?:i|you|he|she|it|we|they|there|this|that|these|those|the|your|my|his|her) "
    r"|(?:what|who|where|how)'s ",
    re.IGNORECASE,
)


def as_sentence(fragment: str) -> str:
    """A phrase with a capital at its beginning and a mark at its end, a question mark where it asks."""
    fragment = fragment.strip().replace("`", "'").rstrip(",;: -")
    if not fragment:
        return ""
    sentence = fragment[0].upper() + fragment[1:]
    if sentence[-1] in ".!?" or sentence[-2:] in ('."', '!"', '?"'):
        return sentence
    return sentence + ("?" if _QUESTION.match(fragment + " ") else ".")


def wordnet_examples(folder: Path) -> list[Text]:
    """The examples in WordNet's definitions, as sentences."""
    texts = []
    number = 0
    for part in ("noun", "verb", "adj", "adv"):
        for line in (folder / f"data.{part}").read_text(encoding="latin-1").splitlines():
            if line.startswith(" "):
                continue  # the licence
            for example in re.findall('"([^"]+)"', line.split(" | ", 1)[-1]):
                number += 1
                if UNWANTED & set(re.findall("[a-z]+", example.lower())):
                    continue
                if len(example.split()) >= 2 and not re.search(r"[][(){}<>_=*/|\\^~]|--", example):
                    texts.append(Text(f"wn-{number:06d}", "wordnet", as_sentence(example)))
    return texts


# Slurs and the like, which no voice has to learn to say.
UNWANTED = frozenset(
    re.findall(
        r"\w+",
        """ass bastard bitch cock cunt damn darky dick faggot fuck homo negro nigger nigra piss prick pussy rape raped rapist
        shit slut slag tit whore porn penis vagina anus sex suicide jew gook spic wop kike cripple retard nazi""",
    )
)


class Vocabulary:
    """
    The words of WordNet by their use.

    Args:
        folder (`Path`): Where `index.*`, `data.*`, `*.exc` and `cntlist.rev` are.
    """

    # fields of WordNet's lexicographers: artefacts, animals, food, natural objects, plants
    THINGS = frozenset({5, 6, 13, 17, 20})
    PEOPLE = frozenset({18})

    def __init__(self, folder: Path):
        counts: Counter[tuple[str, str]] = Counter()
        field_of: dict[tuple[str, str], tuple[int, int]] = {}
        parts = {"1": "noun", "2": "verb", "3": "adj", "4": "adv", "5": "adj"}
        for line in (folder / "cntlist.rev").read_text(encoding="latin-1").splitlines():
            key, _, count = line.split()
            lemma, sense = key.split("%")
            part, field = parts[sense[0]], int(sense.split(":")[1])
            counts[lemma, part] += int(count)
            field_of[lemma, part] = max(field_of.get((lemma, part), (0, 0)), (int(count), field))
        frames: dict[str, set[int]] = {}
        for line in (folder / "data.verb").read_text(encoding="latin-1").splitlines():
            if not line.startswith(" "):
                fields = line.split(" | ")[0].split()
                lemmas = [fields[4 + 2 * index].lower() for index in range(int(fields[3], 16))]
                for frame, word in re.findall(r"\+ (\d\d) ([0-9a-f]{2})", line.split(" | ")[0]):
                    chosen = lemmas if word == "00" else lemmas[int(word, 16) - 1 :][:1]
                    for lemma in chosen:
                        frames.setdefault(lemma, set()).add(int(frame))
        self.exceptions: dict[str, str] = {}
        for part, ending in (("noun", ""), ("verb", "ing")):
            for line in (folder / f"{part}.exc").read_text(encoding="latin-1").splitlines():
                form, base = line.split()[:2]
                if form.endswith(ending):
                    self.exceptions.setdefault(f"{part} {base}", form)
        known = [
            (lemma, part)
            for (lemma, part), _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            if re.fullmatch("[a-z]{2,14}", lemma) and lemma not in UNWANTED
        ]
        self.lemmas = list(dict.fromkeys(lemma for lemma, _ in known))
        # words without a count of use, after the others: short ones are the more common
        rare: dict[str, int] = {}
        for part in ("noun", "verb", "adj", "adv"):
            for line in (folder / f"index.{part}").read_text(encoding="latin-1").splitlines():
                word = line.split(" ", 1)[0]
                if re.fullmatch("[a-z]{3,10}", word) and word not in UNWANTED and (word, part) not in counts:
                    rare[word] = len(word)
        common = set(self.lemmas)
        self.rare_lemmas = sorted(rare.keys() - common, key=lambda word: (rare[word], word))
        self.parts: dict[str, str] = {}
        for lemma, part in known:
            self.parts.setdefault(lemma, part)
        self.things = [lemma for lemma, part in known if part == "noun" and field_of[lemma, part][1] in self.THINGS]
        self.people = [lemma for lemma, part in known if part == "noun" and field_of[lemma, part][1] in self.PEOPLE]
        self.adjectives = [lemma for lemma, part in known if part == "adj"]
        verbs = [lemma for lemma, part in known if part == "verb" and lemma not in ("be", "have", "can", "do")]
        self.transitive = [verb for verb in verbs if frames.get(verb, set()) & {8, 9, 10, 11}]
        self.intransitive = [verb for verb in verbs if frames.get(verb, set()) & {1, 2, 22}]
        self.phrases = [
            lemma.replace("_", " ")
            for (lemma, _), _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            if re.fullmatch("[a-z]{2,}_[a-z]{2,}", lemma)
        ]

    def plural(self, noun: str) -> str:
        """The plural of a noun."""
        return self.exceptions.get(f"noun {noun}") or add_s(noun)

    def gerund(self, verb: str) -> str:
        """The form of a verb in -ing."""
        if f"verb {verb}" in self.exceptions:
            return self.exceptions[f"verb {verb}"]
        if verb.endswith("ie"):
            return verb[:-2] + "ying"
        return (verb[:-1] if re.search("[^eoy]e$", verb) and len(verb) > 2 else verb) + "ing"


def add_s(word: str) -> str:
    """The regular plural of a noun, or third person of a verb."""
    if re.search("[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search("(?:s|x|z|ch|sh)$", word) else "s")


# --- templates --------------------------------------------------------------------------------------------------------

WORDS: dict[str, list[str]] = {
    name: [word.replace("_", " ") for word in words.split()]
    for name, words in {
        "first": """Aaron Abigail Adam Adele Adrian Agnes Aisha Alan Albert Alex Alice Alison Amanda Amber Amelia Amir Amy
            Andrea Andrew Angela Anita Anna Annette Anthony April Arthur Astrid Audrey Ava Barbara Barry Beatrice Becky
            Belinda Benjamin Bernard Beth Betty Beverly Bill Bob Brad Brenda Brian Bridget Bruce Calvin Cameron Carla Carlos
            Carmen Carol Caroline Catherine Cecilia Charles Charlotte Chester Chloe Chris Christina Christopher Claire Clara
            Clarence Claudia Clive Colin Connor Craig Crystal Cynthia Daisy Dale Daniel Daphne David Dawn Deborah Dennis Derek
            Diana Diego Dolores Dominic Donald Donna Doris Dorothy Doug Duncan Dwight Dylan Edgar Edith Edward Eileen Elaine
            Eleanor Elena Eli Elijah Elizabeth Ella Ellen Elliot Elsie Emily Emma Eric Erica Ernest Esther Ethan Eugene Eva
            Evelyn Faith Fatima Felix Fiona Florence Floyd Frances Francis Frank Fred Freya Gabriel Gail Gavin George Gerald
            Gina Gladys Glen Gloria Gordon Grace Graham Grant Greg Greta Gregory Hannah Harold Harriet Harry Harvey Hazel
            Heather Hector Helen Henry Herbert Hilary Holly Howard Hugh Hugo Ian Ibrahim Ida Ingrid Irene Iris Isaac Isabel
            Ivan Ivy Jack Jacob Jacqueline Jake James Jamie Jane Janet Jasmine Jason Jasper Jean Jeff Jennifer Jeremy Jerome
            Jessica Jill Jim Joan Joanna Joe Joel John Jonathan Jordan Jorge Joseph Josephine Josh Joy Joyce Juan Judith Judy
            Julia Julian Julie June Justin Karen Karl Kate Katherine Kathleen Keith Kelly Ken Kenneth Kevin Kim Kirk Kurt Kyle
            Lance Larry Laura Lauren Lawrence Leah Lena Leo Leonard Leslie Lewis Liam Lillian Linda Lionel Lisa Logan Lorenzo
            Lorraine Louis Louise Lucas Lucy Luis Luke Lydia Lynn Mabel Madeline Malcolm Marcus Margaret Maria Marilyn Mario
            Marion Mark Marsha Martha Martin Mary Matilda Matthew Maureen Maurice Max Maya Megan Melissa Melvin Mia Michael
            Michelle Mildred Miles Miriam Mohammed Molly Monica Morgan Muriel Nadia Nancy Naomi Natalie Nathan Neil Nicholas
            Nicole Nigel Nina Noah Nora Norma Norman Oliver Olivia Omar Oscar Otto Owen Pablo Pamela Patricia Patrick Paul
            Paula Pauline Pearl Pedro Peggy Penelope Percy Peter Philip Phoebe Phyllis Priya Quentin Rachel Ralph Ramona
            Randy Ravi Raymond Rebecca Regina Rex Rhonda Richard Rita Robert Roberta Robin Rodney Roger Roland Ronald Rosa
            Rose Rosemary Roy Ruby Rupert Russell Ruth Ryan Sally Sam Samantha Samuel Sandra Sara Saul Scott Sean Sebastian
            Selma Seth Shane Sharon Sheila Shelly Sherry Shirley Sidney Simon Sofia Sonia Sophie Spencer Stacy Stanley Stella
            Stephanie Stephen Steve Stuart Sue Susan Suzanne Sylvia Tamara Tanya Tara Ted Teresa Terry Theo Theodore Thomas
            Tiffany Tim Timothy Tina Todd Tom Tony Tracy Trevor Troy Tyler Ursula Valerie Vanessa Vera Vernon Veronica Victor
            Victoria Vincent Viola Virginia Vivian Wade Wallace Walter Wanda Warren Wayne Wendy Wesley Whitney Wilbur Will
            William Willow Winston Xavier Yasmin Yolanda Yusuf Yvonne Zachary Zara Zoe""",
        "last": """Abbott Adams Ahmed Allen Anderson Archer Armstrong Arnold Atkins Bailey Baker Baldwin Barker Barnes
            Barrett Bates Baxter Bell Bennett Benson Bernstein Bishop Black Blake Boone Bowman Boyd Bradley Brooks Brown
            Bryant Buchanan Burgess Burke Burns Bush Butler Byrne Cabrera Caldwell Campbell Carlson Carpenter Carroll Carter
            Castillo Chambers Chan Chandler Chapman Chavez Chen Chow Christensen Clark Clayton Coleman Collins Conway Cook
            Cooper Costa Crawford Cross Cruz Cunningham Curtis Dalton Daniels Davidson Davis Dawson Dean Diaz Dixon Donovan
            Douglas Doyle Duffy Duncan Dunn Edwards Elliott Ellis Evans Farrell Ferguson Fernandez Fischer Fisher Fitzgerald
            Fleming Fletcher Flores Ford Foster Fowler Fox Franklin Fraser Freeman Fuller Gallagher Garcia Gardner Gibson
            Gilbert Goldberg Gomez Gonzalez Goodwin Graham Graves Gray Green Griffin Gupta Hale Hall Hamilton Hansen Harding
            Harper Harris Harrison Hart Hawkins Hayes Henderson Hernandez Hicks Higgins Hill Hoffman Holland Holmes Hopkins
            Horton Howard Hudson Huff Hughes Hunt Hunter Hussein Ingram Ivanov Jackson Jacobs James Jenkins Jennings Jensen
            Johnson Johnston Jones Jordan Joyce Kaplan Kaufman Keller Kelley Kennedy Khan Kim King Klein Knight Kowalski
            Kumar Lambert Lane Larson Lawson Lee Leonard Levine Levy Lewis Lindsay Little Lloyd Lopez Lynch Lyons Macdonald
            Mackenzie Maher Malone Mann Marshall Martin Martinez Mason Matthews Maxwell McCarthy McDonald McGuire Mendoza
            Meyer Miller Mitchell Montgomery Moore Morales Moreno Morgan Morris Morrison Moss Murphy Murray Myers Nash Nelson
            Newman Newton Nguyen Nichols Nolan Norris O'Brien O'Connor O'Donnell Oliver Olson Ortiz Osborne Owens Page Palmer
            Park Parker Parsons Patel Patterson Payne Pearson Perez Perkins Perry Peters Peterson Phillips Pierce Porter
            Powell Pratt Price Quinn Ramirez Ramsey Reed Reeves Reid Reyes Reynolds Rhodes Richards Richardson Riley Rivera
            Roberts Robertson Robinson Rodriguez Rogers Romero Rosenberg Ross Rossi Rowe Russell Ryan Sanchez Sanders Santos
            Saunders Schmidt Schneider Schultz Scott Sharma Sharp Shaw Shepherd Silva Simmons Simpson Singh Smith Snyder
            Spencer Stanley Stephens Stevens Stewart Stone Sullivan Sutton Swanson Tanaka Taylor Thomas Thompson Torres Tucker
            Turner Underwood Vargas Vaughn Wagner Walker Wallace Walsh Walters Ward Warren Washington Watkins Watson Watts
            Weaver Webb Weber Webster Weiss Wells Welsh West Wheeler White Whitehead Wilcox Wilkinson Williams Willis Wilson
            Winters Wong Wood Woodward Wright Wu Yamamoto Yang Yates York Young Zhang Zimmerman""",
        "place": """Aberdeen Adelaide Alabama Alaska Albany Algeria Alberta Amsterdam Antarctica Argentina Arizona Athens
            Atlanta Auckland Austin Australia Austria Baghdad Baltimore Bangkok Barcelona Beijing Belfast Belgium Berlin
            Bermuda Birmingham Bolivia Bombay Boston Brazil Brighton Bristol Brooklyn Brussels Budapest Buenos_Aires Bulgaria
            Burma Cairo Calgary California Cambridge Canada Canberra Cape_Town Cardiff Caracas Casablanca Charleston Chicago
            Chile China Cincinnati Cleveland Colombia Colorado Copenhagen Cornwall Croatia Cuba Cyprus Dakota Dallas Damascus
            Delaware Delhi Denmark Denver Derby Detroit Dover Dublin Edinburgh Ecuador Egypt El_Paso England Estonia Ethiopia
            Europe Exeter Fiji Finland Florence Florida France Geneva Genoa Georgia Germany Ghana Gibraltar Glasgow Greece
            Greenland Guatemala Hamburg Hanover Hartford Havana Hawaii Helsinki Hong_Kong Houston Hungary Iceland Idaho
            Illinois India Indiana Iowa Ireland Israel Istanbul Italy Jakarta Jamaica Japan Jersey Jerusalem Jordan Kansas
            Kentucky Kenya Kiev Korea Kuwait Lagos Lancaster Las_Vegas Latvia Leeds Leicester Libya Lima Lisbon Lithuania
            Liverpool London Los_Angeles Louisiana Luxembourg Madagascar Madrid Maine Malaysia Malta Manchester Manhattan
            Manila Marseille Maryland Massachusetts Melbourne Memphis Mexico Miami Michigan Milan Milwaukee Minneapolis
            Mississippi Missouri Moldova Mongolia Montana Montreal Morocco Moscow Mumbai Munich Nairobi Naples Nashville
            Nebraska Nepal Nevada New_Orleans New_York New_Zealand Newcastle Niagara Nigeria Norfolk Norway Norwich Nottingham
            Oakland Ohio Oklahoma Ontario Oregon Orlando Oslo Ottawa Oxford Pakistan Panama Paris Pennsylvania Perth Peru
            Philadelphia Phoenix Pittsburgh Plymouth Poland Portland Portugal Prague Quebec Reno Richmond Rio_de_Janeiro Rome
            Rotterdam Russia Rwanda Sacramento Salisbury San_Diego San_Francisco Santa_Fe Santiago Sao_Paulo Saudi_Arabia
            Scotland Seattle Seoul Shanghai Sheffield Siberia Sicily Singapore Slovakia Somalia Southampton Spain Stockholm
            Sudan Sweden Switzerland Sydney Syria Taiwan Tasmania Tennessee Texas Thailand Tokyo Toledo Toronto Tunisia Turkey
            Uganda Ukraine Uruguay Utah Vancouver Venice Vermont Vienna Vietnam Virginia Wales Warsaw Washington Winchester
            Wisconsin Wyoming Yemen Yorkshire Zambia Zanzibar Zimbabwe Zurich""",
        "food": """almonds apple_pie apples asparagus avocado bacon bagels baked_beans bananas barley basil beef
            beetroot biscuits blackberries blueberries bread broccoli brown_rice burgers butter cabbage cake carrots
            cashews cauliflower celery cereal cheddar cheese cherries chestnuts chicken_soup chicken chili chips chocolate
            cinnamon_rolls clams coconut_milk coffee cookies corn crab_cakes cranberries cream_cheese cucumber curry
            custard dates doughnuts duck dumplings eggplant eggs figs fish_pie french_fries fresh_figs fried_rice garlic_bread
            garlic ginger_tea goat_cheese grapefruit grapes gravy green_beans ham hazelnuts herring honey hot_chocolate
            hummus ice_cream jam kale ketchup lamb_chops lasagna leeks lemonade lemons lentils lettuce lobster macaroni
            mangoes maple_syrup marmalade mashed_potatoes meatballs melon milk mint_tea muffins mushrooms mussels mustard
            noodles nutmeg oatmeal olive_oil olives onions orange_juice oranges oysters pancakes papaya parsley parsnips pasta
            pastries peaches peanut_butter peanuts pears peas pepper pickles pineapple pizza plums popcorn pork porridge
            potato_salad potatoes pretzels prunes pudding pumpkin_soup quiche radishes raisins raspberries rhubarb rice
            risotto rye_bread salad salmon salsa salt sandwiches sardines sauerkraut sausages scallops scones
            scrambled_eggs shrimp soup sour_cream soy_sauce spaghetti spinach squash steak stew strawberries sugar sushi
            sweet_corn sweet_potatoes tacos tea toast tofu tomato_sauce tomatoes tortillas trout tuna turkey turnips vanilla
            vegetable_stew vinegar waffles walnuts watercress watermelon yogurt zucchini""",
        "tool": """adhesive_tape anvil awl ax ball_of_string bolt_cutter box_of_nails brace bradawl broom brush bucket chain
            chainsaw chalk_line chisel clamp claw_hammer cordless_drill crowbar drill extension_cord file fishing_rod
            flashlight fork funnel garden_hose glue_gun grinder hacksaw hammer handsaw hatchet hoe hose jack jigsaw knife
            ladder lathe lawn_mower level mallet measuring_tape mop nail_gun needle paint_roller paintbrush pair_of_gloves
            pair_of_scissors paring_knife pick pitchfork plane pliers plumb_line pruning_saw pulley pump putty_knife rake
            rasp razor rope ruler sander saw scraper screwdriver scythe shears shovel sickle sledgehammer socket_wrench
            soldering_iron spade spanner spatula spirit_level sponge squeegee staple_gun stepladder tape_measure thermometer
            tongs toolbox torch trowel tweezers utility_knife vacuum_cleaner vise watering_can wheelbarrow whetstone
            whisk winch wire_brush workbench wrench yardstick""",
        "object": """alarm_clock armchair attic_window backpack back_door balcony basket bath_mat bathroom_mirror bed_frame
            bench bicycle birdcage blanket blue_envelope boat bookcase bookshelf boots bottle bowl brass_lamp bread_bin
            briefcase brown_coat bunk_bed cabinet camera candle canvas_bag cardboard_box carpet ceiling_fan cellar_door chair
            chess_board chimney closet coffee_cup computer copper_kettle couch cradle cupboard curtain cushion desk diary
            dishwasher dog_house doorbell drawer dresser drum dustpan earrings electric_fan engine fence filing_cabinet
            fireplace flag flower_pot flute folding_chair freezer front_gate front_step frying_pan garage_door
            garden_gate garden_shed glass_jar globe gold_ring grandfather_clock gray_jacket green_box guitar gutter hallway_light
            handbag handkerchief harp hat heater hedge helmet iron_gate ivory_box jacket jar jewelry_box jigsaw_puzzle jug
            keyboard kettle kitchen_table kite lampshade laptop laundry leather_belt letter letter_box light_bulb linen_sheet
            living_room_rug lock loose_button lunch_box magazine mailbox map mattress microwave mirror money_box mug music_box
            napkin necklace newspaper notebook oak_table oar office_chair oven overcoat package painting pantry_shelf parcel
            passport pencil phone photograph piano picture_frame pillow pink_ribbon plastic_cup plate pocket_watch porch_light
            postcard pot printer purple_vase purse quilt radio raincoat red_ball refrigerator remote_control rocking_chair
            roof rowing_boat rubber_boots rug saddle sail saucepan scarf school_bag screen sewing_machine shelf shirt shoes
            shower_curtain silver_spoon sink skateboard skirt sleeping_bag sled sofa spare_key spare_tire spoon
            staircase stool stove suitcase sunglasses sweater table tablecloth tea_towel teapot telephone television tent
            ticket toaster toothbrush towel toy_train trash_can tray trunk tub typewriter umbrella uniform vase
            velvet_curtain violin wagon wallet wardrobe washing_machine wedding_dress wheel white_horse window_frame
            windshield wine_glass wool_socks wooden_chest wooden_spoon woven_basket yellow_bucket zipper""",
        "color": """amber beige black blue brown crimson cream dark_blue dark_green golden gray green ivory lavender light_blue
            lime maroon navy olive orange pale_pink pale_yellow pink plum purple red rose ruby scarlet silver tan teal
            turquoise violet white yellow""",
        "weather": """a_cold_wind a_gentle_breeze a_heavy_frost a_light_drizzle a_thick_fog a_thin_mist a_warm_spell
            black_clouds blowing_snow bright_sunshine clear_skies dense_fog dry_weather freezing_rain gray_clouds gusty_winds
            hail heavy_rain heavy_snow high_winds humid_air icy_roads light_rain light_snow lightning low_clouds
            mild_weather more_snow occasional_showers patchy_fog scattered_showers sleet strong_winds strong_gusts sunny_spells
            thunder thunderstorms warm_sunshine wet_weather wintry_showers""",
        "season": """spring summer autumn winter January February March April May June July August September October
            November December""",
        "month": "January February March April May June July August September October November December",
        "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "when": """at_dawn at_lunchtime at_midnight at_night at_noon at_once before_breakfast before_dark before_dinner
            before_lunch before_school during_the_week every_day every_evening every_hour every_morning every_summer in_a_minute
            in_a_week in_an_hour in_the_afternoon in_the_evening in_the_morning last_night next_month next_week next_year
            on_weekends once_a_day once_a_month right_away right_now sooner_or_later straight_away the_day_after_tomorrow
            this_afternoon this_evening this_morning this_week today tomorrow tomorrow_morning tonight twice_a_week
            when_you_can within_the_hour""",
        "where": """across_the_road against_the_wall along_the_river around_the_corner at_home at_school at_the_airport
            at_the_back at_the_bank at_the_bottom_of_the_stairs at_the_bus_stop at_the_office at_the_station at_the_top behind_the_barn
            behind_the_house behind_the_shed beside_the_bed between_the_trees by_the_door by_the_fire by_the_window
            down_the_hall down_the_street downstairs in_front_of_the_church in_the_attic in_the_barn in_the_basement
            in_the_bathroom in_the_cellar in_the_closet in_the_corner in_the_garage in_the_garden in_the_hall in_the_kitchen
            in_the_middle_of_the_room in_the_park in_the_rain in_the_shade in_the_snow in_the_sun in_the_yard inside near_the_bridge
            near_the_lake next_door next_to_the_stove on_the_balcony on_the_beach on_the_bench on_the_bottom_shelf on_the_counter
            on_the_desk on_the_fence on_the_floor on_the_left on_the_porch on_the_right on_the_roof on_the_stairs on_the_step
            on_the_table on_the_top_shelf opposite_the_library outside outside_the_shop over_the_hill over_there past_the_church
            through_the_gate under_the_bed under_the_bridge under_the_table under_the_tree underneath_the_stairs up_the_hill
            upstairs with_the_others""",
        "relative": """aunt best_friend boss boyfriend brother brother-in-law cousin daughter doctor father friend girlfriend
            grandfather grandmother grandson husband landlord lawyer mother mother-in-law neighbor nephew niece old_teacher
            oldest_son partner sister sister-in-law son stepfather teacher twin_brother uncle wife youngest_daughter""",
        "job": """accountant actor architect artist athlete baker barber biologist bricklayer bus_driver butcher captain
            carpenter cashier chef chemist cleaner coach composer cook dancer dentist designer detective doctor editor
            electrician engineer farmer firefighter fisherman florist gardener geologist guard hairdresser janitor
            jeweler journalist judge lawyer librarian lifeguard locksmith manager mechanic midwife miner musician nurse
            optician painter pharmacist photographer physicist pilot plumber police_officer porter postman potter priest
            professor programmer psychologist reporter sailor scientist sculptor secretary shepherd singer soldier surgeon
            tailor taxi_driver teacher translator truck_driver veterinarian violinist waiter waitress weaver welder writer
            zookeeper""",
        "animal": """alligator ant antelope badger bat bear beaver bee beetle buffalo bull butterfly camel canary cat
            caterpillar chicken chimpanzee cow coyote crab cricket crocodile crow deer dog dolphin donkey dragonfly duck eagle
            eel elephant falcon ferret fish flamingo fly fox frog gazelle giraffe goat goldfish goose gorilla grasshopper
            hamster hawk hedgehog hen heron hippo horse hyena jaguar jellyfish kangaroo kitten koala ladybug lamb leopard lion
            lizard llama lobster lynx mole monkey moose mosquito moth mouse mule octopus orangutan ostrich otter owl ox
            oyster panda panther parrot peacock pelican penguin pig pigeon pony porcupine possum puffin puppy python quail
            rabbit raccoon raven reindeer rhino robin rooster salmon scorpion seagull seal shark sheep shrew skunk sloth snail
            snake sparrow spider squid squirrel stork swallow swan tiger toad tortoise trout turkey turtle vulture walrus wasp
            weasel whale wolf wombat woodpecker worm yak zebra""",
        "sport": """archery badminton baseball basketball bowling boxing canoeing chess climbing cricket croquet curling
            cycling darts diving fencing fishing football golf gymnastics handball hiking hockey jogging judo karate lacrosse
            polo rowing rugby running sailing skating skiing snooker soccer softball squash surfing swimming table_tennis
            tennis volleyball water_polo weightlifting wrestling yoga""",
        "adverb": """awkwardly badly boldly bravely briefly brightly calmly carefully cheerfully clearly closely coldly
            completely correctly eagerly easily evenly exactly fast firmly gently gladly gracefully happily hard hastily
            honestly kindly lazily lightly loudly neatly nervously nicely openly patiently perfectly politely promptly
            properly proudly quickly quietly rapidly roughly rudely sadly safely secretly sharply silently slowly smoothly
            softly steadily suddenly sweetly swiftly tightly twice warmly well wildly wisely""",
        "feeling": """afraid amazed angry annoyed anxious ashamed bored calm cautious certain cheerful clumsy cold
            comfortable confident confused curious delighted determined disappointed eager embarrassed excited exhausted famous
            fortunate frightened furious glad grateful guilty happy helpful homesick hopeful hungry ill impatient innocent
            jealous kind lazy lonely lost lucky miserable nervous patient pleased polite proud puzzled quiet ready relieved
            restless rude sad safe scared serious shy sick silly sleepy sorry strong stubborn surprised suspicious thankful
            thirsty thoughtful tired uneasy unhappy upset warm wise worried young""",
        "quality": """ancient awful beautiful big bitter blunt bright broken cheap clean crooked cracked damp dangerous dark
            deep delicate dirty dull dusty elegant empty enormous expensive faded fancy filthy flat fragile fresh full
            gentle gigantic greasy handsome heavy hollow huge itchy large leaky light little long loose lovely
            modern muddy narrow new noisy odd old ordinary plain pointed precious quaint rare rough round rusty shabby
            shallow sharp shiny short simple slippery small smooth soft spare splendid square sticky stiff strange striped
            sturdy thick thin tiny torn ugly useful useless vague valuable warm wet wide wooden worn""",
        "hobby": """baking bird-watching board_games carpentry chess collecting_stamps cooking crossword_puzzles dancing
            drawing embroidery gardening history jazz juggling kite-flying knitting magic_tricks model_trains mathematics
            old_movies opera origami painting photography poetry pottery reading singing sewing telling_jokes
            the_guitar the_piano theater traveling video_games whittling wood_carving writing_letters yoga""",
        "subject": """algebra anatomy archaeology art astronomy biology botany chemistry computer_science drama
            economics engineering ethics French geography geology geometry German grammar gym history Italian Japanese
            journalism Latin law linguistics literature logic mathematics medicine music philosophy physics politics psychology
            religion Russian science sociology Spanish statistics zoology""",
        "vehicle": """airplane ambulance bicycle boat bus canoe car cart coach ferry fire_engine helicopter jeep kayak
            limousine motorcycle pickup_truck plane raft rowboat sailboat scooter ship sled sleigh spaceship submarine subway
            tanker taxi tractor trailer train tram tricycle trolley truck van wagon yacht""",
        "building": """airport apartment bakery bank barn bookshop brewery bus_station cabin castle cathedral chapel church
            cinema city_hall clinic cottage courthouse dairy drugstore factory farmhouse fire_station flower_shop garage gas_station
            grocery_store gym hardware_store hospital hotel inn jail kindergarten laundromat library lighthouse mansion
            market mill monastery mosque museum observatory opera_house palace pharmacy police_station post_office prison pub
            restaurant school shoe_store shopping_center stable stadium supermarket swimming_pool synagogue temple theater
            toy_store train_station university warehouse windmill zoo""",
        "body": """ankle arm back cheek chest chin ear elbow eye finger foot forehead hand head heel hip jaw knee left_foot
            left_hand leg lip mouth neck nose palm rib right_arm right_eye shin shoulder stomach thigh throat thumb toe tongue
            tooth waist wrist""",
        "unit": """centimeters cups days degrees dozen feet gallons grams hours inches kilograms kilometers liters meters miles
            minutes months ounces pages pints pounds quarts seconds spoonfuls steps tons weeks yards years""",
        "interjection": """Absolutely Ah Aha Alas All_right Amazing Bless_you Boo Bravo Brilliant Certainly Cheers
            Come_on Congratulations Dear_me Definitely Eek Enough Excellent Exactly Excuse_me Fantastic Farewell Fine
            Fire Freeze Gee Go_away Good_gracious Good_grief Good_heavens Good_luck Goodness Great Ha Hallelujah Halt Happy_birthday
            Hello Help Hey Hi Hooray Huh Hurry_up Hush I_see Incredible Indeed Listen Look_out Lovely Maybe Merry_Christmas
            Mm-hmm Naturally Never Nice No_problem No_way No Nonsense Not_again Not_bad Not_really Nothing Now Of_course
            Oh_dear Oh_no Oh Okay Oops Ouch Pardon_me Perfect Phew Please Quick Quite Ready Right Rubbish See_you_later
            Shame So_what Sorry Splendid Stop_it Sure Surprise Terrific Thank_goodness Thank_you Thanks Too_bad Ugh
            Uh-huh Uh-oh Very_good Wait Watch_out Welcome Well_done Well What Whatever Whoa Why_not Wonderful Wow Yeah Yep Yes
            Yikes You're_welcome Yuck Yum""",
        "common": """a about above across after again against ago all almost along already also although always am an and
            another any anybody anyone anything anyway anywhere are aren't around as at away back be because been before behind
            below beneath beside between beyond both but by can can't cannot could couldn't despite did didn't do does doesn't
            don't down during each either else enough especially even ever every everybody everyone everything everywhere except
            few for from further had hadn't has hasn't have haven't he he'd he'll he's hence her here hers herself him
            himself his how however I I'd I'll I'm I've if in indeed instead into is isn't it it's its itself just least
            less let let's lots many may me might mine more most much must my myself near neither never nevertheless nobody
            none nor not nothing nowhere of off often on once only onto or other others ought our ours ourselves out over
            own perhaps please quite rather same several shall she she'd she'll she's should shouldn't since so some somebody
            somehow someone something sometimes somewhere soon still such than that that's the their theirs them themselves
            then there there's therefore these they they'd they'll they're they've this those though through throughout till
            to together too toward towards under underneath unless until up upon us very was wasn't we we'd we'll we're
            we've were weren't what what's whatever when whenever where where's wherever whether which while who who's
            whoever whole whom whose why will with within without won't would wouldn't yet you you'd you'll you're you've your
            yours yourself yourselves""",
    }.items()
}

# A slot is a list of WORDS, a list of the vocabulary or a maker of MAKERS; `{a:slot}` takes the article, `{s:slot}` the
# plural, `{ing:slot}` the form in -ing, and a capital at the beginning of the sentence is put in afterwards.
TEMPLATES: dict[str, str] = {
    "orders": """
{verb} the {object} {where}.
{verb} the {quality} {object}, please.
{verb} the {object} to the {quality} {thing}.
{verb} the {color} {object} before {day}.
{verb} your {object} {adverb}.
{verb} it {adverb}, then {verb} the {thing}.
{verb} the {things} {when}.
{verb} the {thing} with the {tool}.
{verb} the {quality} {thing} and the {color} {thing}.
{verb} your {relative}'s {object} {when}.
{verb} that {thing} for {first}, would you?
{verb} both {things}, but not the {object}.
{verb} all the {things} from the {building}.
Don't {verb} the {object} {where}!
Never {verb} {a:quality} {thing} with {a:tool}.
Please {verb} the {things} {where} {when}.
Always {verb} the {thing} before you {verb} the {object}.
{act} {adverb} {where}.
{act} {where} until {first} comes.
{act} with {first} and {first} {when}.
Please don't {act} so {adverb}.
Pass me the {tool}, please.
Hand {first} the {tool} and hold the {object} {adverb}.
Put the {food} {where}.
Bring {number} {objects} and {a:tool}.
Take the {vehicle} to {place} {when}.
Turn left at the {building} and right at the {building}.
Go past the {building}, and you will see the {building} {where}.
Clean the {object} with {a:quality} {tool}.
Leave the {object} {where} and go home.
Hang the {color} {object} {where}.
Keep the {food} {where}, or the {animal} will eat it.
Check the {object} twice before you leave for {place}.
Ask the {job} about the {object}.
Tell {first} that the {vehicle} leaves at {time}.
Set the alarm for {time}.
Remind me to call {first} {last} {when}.
Call {phone} and ask for {title} {last}.
Play some {hobby} music, please.
Send {first} a message: the {object} is {where}.
Add {food} and {food} to the shopping list.
Turn the {object} off, then turn the {object} on.
Lift your {body} and bend your {body} {adverb}.
Watch your {body}!
Mind the {thing}!
Look at that {quality} {animal}!
Beware of the {animal} {where}.
Feed the {animal} {when}, and give it fresh water.
""",
    "questions": """
Where did you put the {object}?
Where is the nearest {building}?
When does the {vehicle} to {place} leave?
Who left {a:object} {where}?
Who is the {job} with the {color} {object}?
Why is the {object} so {quality}?
Why did {first} {verb} the {thing}?
What is your {relative}'s name?
What did {first} say about the {thing}?
What does {a:job} do all day?
What time is it in {place}?
What would you like with your {food}?
Which {thing} do you prefer, the {color} one or the {color} one?
Which of the {things} belongs to {first}?
Whose {object} is this?
How far is it from {place} to {place}?
How many {objects} did you buy {when}?
How much is the {quality} {object}?
How do you {verb} {a:thing} without {a:tool}?
How old is your {relative}?
Do you like {food} with {food}?
Do you know how to {verb} {a:thing}?
Does {first} still live in {place}?
Did you remember to {verb} the {object}?
Did anyone see my {color} {object}?
Is there {a:building} near here?
Is the {job} {where}, or is she {where}?
Are you {feeling}, or just {feeling}?
Are the {things} {quality} enough?
Was the {food} any good?
Were you {feeling} when the {animal} came in?
Can you {verb} the {thing} {when}?
Can {a:animal} {act}?
Could I borrow your {tool} {when}?
Could you {verb} this {object} for my {relative}?
Will there be {weather} {when}?
Will you {act} with me, {first}?
Would you rather have {food} or {food}?
Should we {verb} the {thing} or the {thing}?
Shall I {verb} the {object} {where}?
May I {verb} your {object}, please?
Have you ever been to {place} in {season}?
Have you met my {relative}, {first}?
Has the {job} called back yet?
Had you heard of {title} {last} before?
Isn't that {first} {last} {where}?
Haven't you finished the {food} yet?
Won't you have some more {food}?
You didn't {verb} the {object}, did you?
It's {quality}, isn't it?
{first} plays {sport}, doesn't she?
Really, {first}? A {quality} {thing}?
""",
    "food": """
We had {food} and {food} for dinner.
My {relative} makes the best {food} in {place}.
{food} with {food} is my favorite breakfast.
I'd like the {food}, please, and {a:quality} cup of coffee.
Mix the {food} with {number} cups of {food}.
Fry the {food} in butter for {number} minutes.
Boil the {food}, drain it well, and add {food}.
Chop the {food} and stir in the {food}.
There is no {food} left in the refrigerator.
The {food} smells wonderful, but the {food} is burnt.
{first} is allergic to {food} and {food}.
We need {food}, {food}, {food} and {food}.
Two portions of {food}, please, but without {food}.
The {job} ordered {food} and a glass of water.
{food} costs {money} at the {building}.
Too much {food} makes my {relative} {feeling}.
Nobody likes cold {food} {when}.
Spread some {food} on the toast.
Peel the {food}, slice the {food}, and heat the oven to {number} degrees.
I never eat {food} {when}.
""",
    "home": """
The {object} is {where}.
The {quality} {object} fell off the {object}.
My {relative} keeps {a:color} {object} {where}.
There is {a:quality} {tool} in the {object}.
{first} fixed the {object} with {a:tool} and {a:tool}.
You will need {a:tool}, {a:tool} and some patience.
This {tool} is too {quality} for the job.
The {tool} belongs {where}, next to the {tool}.
I can't find my {tool} anywhere.
The {job} dropped {a:tool} on his {body}.
{first} painted the {object} {color} and the {object} {color}.
We bought {a:quality} {object} for {money}.
A {color} {object} would look nice {where}.
The {object} won't fit in the {vehicle}.
Somebody stole the {object} from our {building}.
The {animal} is asleep {where}.
Our {animal} chased the {animal} {where}.
Dust covered the {object}, the {object} and the {things}.
The lid of the {object} is stuck.
Every {object} in the house is {color}.
My {body} hurts, and my {body} is swollen.
{first} broke her {body} {where}.
""",
    "weather": """
{weather} is expected in {place} {when}.
It was {quality} and cold in {place}, with {weather}.
Tomorrow will bring {weather}, then {weather}.
The forecast for {day} is {weather}.
{weather} kept us {where} until {time}.
In {season}, there is often {weather} in {place}.
The temperature in {place} is {number} degrees.
It hasn't rained in {place} since {month}.
Take an umbrella; there will be {weather} by {time}.
What {quality} weather for {season}!
After {weather}, the roads were {quality}.
Will {weather} spoil the {sport} match?
The sun rises at {time} and sets at {time}.
""",
    "people": """
{first} {last} lives in {place}.
{first} and {first} went to {place} by {vehicle}.
{title} {last} is {a:job} from {place}.
My {relative} works as {a:job} in {place}.
I met {first} {last} at the {building} {when}.
{first} loves {hobby} and {sport}.
{first} was {feeling}, but {first} was {feeling}.
{title} {last} teaches {subject} and {subject}.
{first} studies {subject} in {place}.
Good morning, {title} {last}.
Dear {first}, thank you for the {quality} {object}.
This is {first} {last} speaking.
{first} sold the {vehicle} to {first} {last} for {money}.
Both {first} and {first} are afraid of {s:animal}.
Everyone but {first} looked {feeling}.
{last}, {first}; born in {place} on {date}.
The {job} and the {job} met {where}.
Nobody in {place} had ever seen {a:animal}.
{title} {last}, your {vehicle} is waiting {where}.
The flight from {place} to {place} takes {number} hours.
From {place} we drove to {place}, and from there to {place}.
{place} is north of {place}.
I would love to see {place} in {season}.
{first}'s {relative} speaks French, {first}'s only English.
The {person} waved to the {person} {where}.
A {quality} {person} came to {place} with {a:animal}.
""",
    "dialogue": """
"{interjection}," said {first}, "the {object} is {where}."
"{interjection}!" cried the {job}.
"Did you {verb} the {object}?" asked {first}.
"I'm {feeling}," {first} whispered, "and so is my {relative}."
"Where is {first}?" "In {place}."
"{interjection}, {first}," he said {adverb}.
She said, "{verb} the {thing} {when}."
"Who told you that?" she asked. "{first} did."
"Can I help you?" "Yes, I'm looking for {a:object}."
"How are you, {first}?" "{feeling}, thank you."
"{interjection}! That's my {object}!" shouted {first}.
"We leave at {time}," said {title} {last}.
He asked, "Is this your {object}, {first}?"
"No," said the {job}, "I have never seen {a:animal} {where}."
"One {food}, please." "With or without {food}?"
{interjection}! Who is {where}?
{interjection}, I forgot the {object}.
{interjection}, the {food} is {quality}.
{interjection}! You found the {tool}.
Well, {first}, what shall we {verb}?
Oh no, the {animal} ate the {food}!
Hey, {first}, wait for me!
Hello, {first}. How was {place}?
Yes, I can {verb} it.
No, we don't {verb} {things} here.
Thanks for the {food}, {first}.
Sorry, I can't {act} {when}.
Okay, let's {act} {where}.
""",
    "numbers": """
The number is {number}.
{number}, {number}, {number}.
{number} plus {number} is {number}.
{number} minus {number} makes {number}.
{number} times {number} equals {number}.
Divide {number} by {number}.
Room {number} is on the {ordinal} floor.
Page {number}, line {number}.
Bus number {number} goes to {place}.
Flight {number} to {place} leaves from gate {number}.
The {object} costs {money}.
I paid {money} for the {object} and {money} for the {tool}.
The ticket to {place} is {money}.
You owe me {money}, {first}.
It is {time}.
The {vehicle} leaves at {time} and arrives at {time}.
See you at {time} on {day}.
We open at {time} and close at {time}.
{date} is {first}'s birthday.
The meeting is on {date} at {time}.
{title} {last} was born on {date}.
On {date}, the {building} in {place} burned down.
In {year}, {first} moved to {place}.
From {year} until {year}, the {building} was empty.
My phone number is {phone}.
Call me at {phone}.
The code is {digits}.
{digits}, I repeat, {digits}.
It is {number} {unit} long and {number} {unit} wide.
Walk {number} {unit}, then turn left.
The {vehicle} weighs {number} tons.
About {percent} of the {things} were {quality}.
{percent} of the people in {place} own {a:vehicle}.
She finished {ordinal}, and he finished {ordinal}.
This is the {ordinal} time that I {verb} the {thing}.
Chapter {number}, verse {number}.
The score was {number} to {number}.
Add {decimal} liters of water.
The answer is {decimal}, not {decimal}.
The population is {big}.
{big} {things} were sold last year.
Our address is {number} {last} Street, {place}.
He is {number} years old, and his {relative} is {number}.
Half of the {things} and a quarter of the {things} are {color}.
""",
    "letters": """
Spell it, please: {spelled}.
My name is {first}, {spelled}.
That is {letter} as in {first}.
{letter}, {letter}, {letter}.
The license plate is {letters} {digits}.
Plan {letter} failed, so we went on to plan {letter}.
The {initials} has an office in {place}.
She works for the {initials} and the {initials}.
Vitamin {letter} is good for your {body}.
Gate {letter}, seat {number}.
Write to {mail}.
You can reach me at {mail}.
Visit {site} for more.
The letter {letter} comes before the letter {letter}.
{initials} stands for something {quality}.
Press {letter} and then {letter}.
{letter} is for {thing}, {letter} is for {thing}.
""",
    "stories": """
The {quality} {thing} was {color}.
The {person} took the {thing} and went {where}.
A {quality} {thing} lay {where}.
The {thing} of the {person} was {quality} and {adjective}.
{adverb}, the {person} began to {verb} the {thing}.
Every {person} in {place} wanted {a:thing}.
Some {things} are {adjective}, and some are {adjective}.
The {animal} and the {animal} shared the {food}.
We {verb} {things} in {season}.
They {verb} the {thing} {when}, and we {verb} the {thing}.
If you {verb} the {thing}, I will {verb} the {thing}.
Because of the {thing}, no {person} could {act}.
{ing:verb} {things} is {adjective} work.
{ing:act} {where} made the {person} {feeling}.
There was {a:adjective} {thing} {where}, {a:adjective} {thing} {where}, and nothing else.
It is too {adjective} to {act} {where}.
To {verb} {a:thing} takes time.
My {relative} used to {verb} {things} in {place}.
I think that the {adjective} {person} has {a:thing}.
You must not {verb} the {thing} of {a:person}.
Once there was {a:adjective} {person} who lived {where}.
Neither the {person} nor the {animal} saw the {thing}.
All {things} need {things}.
Half the {things} were {adjective}.
Without {a:thing}, nobody can {verb} {things}.
""",
}

# Sentences that begin with a word of each part of speech, so that the model hears every word in first place.
FIRST_WORD = {
    "transitive": [
        "{word} the {quality} {object}.",
        "{word} the {object} {where}.",
        "{word} the {thing} {when}, please.",
        "{word} this {thing} for {first}.",
        "{word} your {thing} {adverb}.",
        "{word} them {adverb}, {first}.",
        "{word} the {color} {thing} with {a:tool}.",
    ],
    "intransitive": ["{word} {adverb} {where}.", "{word} with {first} {when}.", "{word} {where}, but {act} {adverb}."],
    "noun": [
        "{plural} are {adjective} in {place}.",
        "{word} and {thing} were in the {object}.",
        "{plural} come from {place}.",
        "{word} is a word that {first} likes.",
        "{plural} can be {quality}.",
        "{word}, {thing}, {thing} and {animal}.",
    ],
    "adj": [
        "{word} {things} are {quality}.",
        "{word} or not, the {thing} is {color}.",
        "{word} as it was, {first} liked the {object}.",
        "{word} {person} seeks {adjective} {thing}.",
    ],
    "adv": [
        "{word}, the {person} opened the {object}.",
        "{word} and {adverb}, {first} began to {act}.",
        "{word} we {verb} the {thing}.",
    ],
    "common": ["{word} is a small word.", "{word}, {first}?", "{word}, he said, and stopped."],
}

_INITIALS = "ABC AI API ATM BBC CD CEO CIA CNN CPU DIY DNA DVD EU FAQ FBI GPS HD HIV HR IBM ID IQ IT MBA MIT NBA NFL OK PC PDF PhD PR RSVP SUV TV UFO UK UN URL USA USB VIP"


def _time(rng: random.Random) -> str:
    hour, minute = rng.randint(1, 12), rng.choice([0, 0, 0, 15, 30, 45, *range(60)])
    half_day = rng.choice(["", "", " a.m.", " p.m."])
    if minute == 0:
        return rng.choice(
            [f"{hour} o'clock", f"{hour} a.m.", f"{hour} p.m.", f"{hour} in the morning", "noon", "midnight"]
        )
    return (
        rng.choice(
            [f"{hour}:{minute:02d}{half_day}", f"{hour}:{minute:02d}", f"half past {hour}", f"a quarter to {hour}"]
        )
        .replace("a.m.", "am")
        .replace("p.m.", "pm")
    )


def _date(rng: random.Random) -> str:
    month, day, year = rng.choice(WORDS["month"]), rng.randint(1, 28), rng.randint(1600, 2030)
    return rng.choice(
        [
            f"{month} {day}, {year}",
            f"{month} {day}",
            f"the {day}th of {month}".replace("1th", "1st")
            .replace("2th", "2nd")
            .replace("3th", "3rd")
            .replace("11st", "11th")
            .replace("12nd", "12th")
            .replace("13rd", "13th"),
            f"{rng.choice(WORDS['day'])}, {month} {day}",
        ]
    )


def _phone(rng: random.Random) -> str:
    area, first, last = rng.randint(201, 989), rng.randint(200, 999), rng.randint(0, 9999)
    return rng.choice([f"{first}-{last:04d}", f"{area}-{first}-{last:04d}", f"({area}) {first}-{last:04d}"])


def _mail(rng: random.Random) -> str:
    name = rng.choice([rng.choice(WORDS["first"]), f"{rng.choice(WORDS['first'])}.{rng.choice(WORDS['last'])}"])
    return re.sub("[^a-z.@]", "", f"{name}@{rng.choice(WORDS['animal'])}.{rng.choice(['com', 'org', 'net'])}".lower())


def _capitals(rng: random.Random, count: int, joint: str = "") -> str:
    return joint.join(rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(count))


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "number": lambda rng: str(rng.choice([rng.randint(0, 20), rng.randint(0, 100), rng.randint(0, 999)])),
    "big": lambda rng: (
        f"{rng.choice([rng.randint(1000, 9999), rng.randint(10000, 999999), rng.randint(1, 90) * 10**6]):,}"
    ),
    "ordinal": lambda rng: rng.choice(
        [
            "1st",
            "2nd",
            "3rd",
            "4th",
            "5th",
            "6th",
            "7th",
            "8th",
            "9th",
            "10th",
            "11th",
            "12th",
            "13th",
            "20th",
            "21st",
            "30th",
            "42nd",
        ]
    ),
    "decimal": lambda rng: f"{rng.randint(0, 30)}.{rng.randint(1, 99)}",
    "percent": lambda rng: f"{rng.randint(1, 100)}%",
    "digits": lambda rng: " ".join(str(rng.randint(0, 9)) for _ in range(rng.randint(3, 5))),
    "year": lambda rng: str(rng.randint(1400, 2040)),
    "money": lambda rng: rng.choice(
        [
            f"${rng.randint(1, 99)}",
            f"${rng.randint(1, 99)}.{rng.randint(1, 99):02d}",
            f"{rng.randint(2, 99)} cents",
            f"\u00a3{rng.randint(1, 500)}",
            f"\u20ac{rng.randint(1, 500)}",
            f"${rng.randint(1, 90) * 100:,}",
        ]
    ),
    "time": _time,
    "date": _date,
    "phone": _phone,
    "mail": _mail,
    "site": lambda rng: (
        f"www.{rng.choice(WORDS['animal']).replace(' ', '')}{rng.choice(WORDS['sport']).split()[0]}.com"
    ),
    "letter": lambda rng: _capitals(rng, 1),
    "letters": lambda rng: _capitals(rng, 3, " "),
    "spelled": lambda rng: ", ".join(rng.choice(WORDS["first"] + WORDS["last"]).upper().replace("'", "")),
    "initials": lambda rng: rng.choice(_INITIALS.split()),
    "title": lambda rng: rng.choice(
        ["Mr.", "Mrs.", "Ms.", "Dr.", "Professor", "Captain", "Miss", "Judge", "Sir", "Uncle", "Aunt"]
    ),
}


class Templates:
    """
    Sentences from TEMPLATES and the words of a vocabulary.

    Args:
        vocabulary (`Vocabulary`): Words of WordNet.
        seed (`int`, *optional*, defaults to 0): Of the choices.
    """

    def __init__(self, vocabulary: Vocabulary, seed: int = 0):
        self.vocabulary = vocabulary
        self.rng = random.Random(seed)
        self.lists = {
            **WORDS,
            "verb": vocabulary.transitive[:1500],
            "act": vocabulary.intransitive[:500],
            "thing": vocabulary.things[:2500],
            "person": vocabulary.people[:500],
            "adjective": vocabulary.adjectives[:1500],
        }

    def fill(self, template: str, **given: str) -> str:
        """A sentence: each slot of the template filled, a capital at the beginning."""
        parts = re.split(r"\{([a-z:]+)\}", template)
        parts[1::2] = [given[slot] if slot in given else self._slot(slot) for slot in parts[1::2]]
        sentence = "".join(parts)
        for article, noun in re.findall(r"\b([Aa]) ([aeiou]\w+)", sentence):
            if not re.match("(?:uni|use|eu|one)", noun):
                sentence = sentence.replace(f"{article} {noun}", f"{article}n {noun}", 1)
        return re.sub(r"^(\W*)([a-z])", lambda match: match[1] + match[2].upper(), sentence)

    def _slot(self, slot: str) -> str:
        form, _, slot = slot.rpartition(":")
        if slot in MAKERS:
            return MAKERS[slot](self.rng)
        if slot not in self.lists and slot.endswith("s"):
            form, slot = "s", slot[:-1]
        word = self.rng.choice(self.lists[slot])
        if form == "a":
            return f"{'an' if word[0].lower() in 'aeiou' and not re.match('uni|use|eu|one', word) else 'a'} {word}"
        if form == "s":
            head, _, last = word.rpartition(" ")
            return f"{head} {last if last.endswith('s') else self.vocabulary.plural(last)}".strip()
        return self.vocabulary.gerund(word) if form == "ing" else word

    def first_words(self) -> Iterator[str]:
        """A sentence for each lemma that begins with it, and two for each verb."""
        vocabulary = self.vocabulary
        transitive, intransitive = set(vocabulary.transitive), set(vocabulary.intransitive)
        for verb in vocabulary.transitive:
            yield self.fill(self.rng.choice(FIRST_WORD["transitive"]), word=verb)
            yield self.fill(
                "{word} {things} " + self.rng.choice(["is {adjective}.", "{where}?"]), word=vocabulary.gerund(verb)
            )
        for word, part in vocabulary.parts.items():
            if word in transitive:
                kind = "transitive"
            elif part == "verb":
                kind = "intransitive" if word in intransitive else "transitive"
            else:
                kind = part
            yield self.fill(self.rng.choice(FIRST_WORD[kind]), word=word, plural=vocabulary.plural(word))
        for word in [*WORDS["common"], *WORDS["first"], *WORDS["place"], *WORDS["food"], *WORDS["animal"]]:
            yield self.fill(self.rng.choice(FIRST_WORD["common"]), word=word)

    def sentences(self, count: int) -> Iterator[str]:
        """`count` sentences, the groups of templates in turn."""
        groups = [[line for line in lines.splitlines() if line] for lines in TEMPLATES.values()]
        for index in range(count):
            yield self.fill(self.rng.choice(groups[index % len(groups)]))


def template_texts(vocabulary: Vocabulary, count: int, seed: int = 0) -> list[Text]:
    """A sentence for every first word, and `count` from the templates."""
    templates = Templates(vocabulary, seed)
    sentences = [*templates.first_words(), *templates.sentences(count)]
    return [Text(f"tp-{number:06d}", "template", sentence) for number, sentence in enumerate(sentences, start=1)]


def short_texts(vocabulary: Vocabulary, count: int, seed: int = 0) -> list[Text]:
    """
    Single words in the order of their use, phrases of two words, letters, numbers and exclamations: `count` in all or what
    there is.
    """
    rng = random.Random(seed)
    templates = Templates(vocabulary, seed)
    capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    always = [f"{letter}{mark}" for letter in capitals for mark in (".", "", "!")]
    always += [f"The letter {letter}." for letter in capitals] + [f"Letter {letter}." for letter in capitals]
    always += [f"{number}." for number in [*range(121), *range(125, 1000, 25), *range(1000, 10000, 500), 10**5, 10**6]]
    always += [f"Number {number}." for number in range(100)] + [f"{MAKERS['ordinal'](rng)}." for _ in range(60)]
    always += [f"{word}{mark}" for word in WORDS["interjection"] for mark in (".", "!", "?")]
    always += [
        f"{word}."
        for key in ("common", "first", "last", "place", "day", "month", "color", "food")
        for word in WORDS[key]
    ]
    always += [
        f"{MAKERS[name](rng)}."
        for name in ("time", "money", "percent", "letters", "initials", "year")
        for _ in range(60)
    ]
    words = [_marked(word, rng) for word in [*vocabulary.lemmas, *vocabulary.rare_lemmas][:12000]]
    patterns = """{quality} {things}|{color} {objects}|{adjective} {thing}|{verb} it|{act} {adverb}|{first} {last}|{food}, please
        {verb} {things}|the {thing}|my {object}|{number} {things}|no {things}|good {thing}|{interjection}, {first}|very {feeling}
        {where}|{when}|{place}, {place}|{act} now|not {feeling}|{title} {last}|{ing:verb} {things}|more {food}|{verb} them
        {person} and {person}|{first} and {first}|who, {first}|so {adjective}|{s:animal} {act}|your {body}"""
    choices = [pattern.strip() for pattern in re.split(r"[|\n]", patterns)]
    phrases = [_marked(phrase, rng) for phrase in vocabulary.phrases[:2500]]
    phrases += [
        _marked(templates.fill(rng.choice(choices)), rng)
        for _ in range(max(0, count - len(always) - len(words) - len(phrases)))
    ]
    texts = list(dict.fromkeys([*always, *words, *phrases]))
    texts += [_marked(templates.fill(rng.choice(choices)), rng) for _ in range(max(0, count - len(texts)))]
    return [Text(f"st-{number:06d}", "short", text) for number, text in enumerate(texts, start=1)]


def _marked(words: str, rng: random.Random) -> str:
    """Words with a capital and the mark of a sentence, seldom without."""
    mark = rng.choices([".", "!", "?", ""], [75, 10, 10, 5])[0]
    return words[0].upper() + words[1:] + mark


# --- selection, sounds and order --------------------------------------------------------------------------------------


def estimated_seconds(phonemes: str) -> float:
    """A guess at how long a phonemized text takes to say."""
    sounds = sum(symbol in _SOUNDS for symbol in phonemes)
    return SECONDS_A_SOUND * sounds + SECONDS_A_PAUSE * (1 + sum(symbol in ",.;:!?" for symbol in phonemes))


_SOUNDS = frozenset(PHONEMES) - set("ˈˌː")


def diphones(segments: Sequence[Segment]) -> list[str]:
    """The pairs of neighbouring sounds, stress aside; `#` is silence at the ends and at a mark."""
    sounds = ["#"]
    for segment in segments:
        for symbol in segment.phonemes if segment.is_word else ("#" if segment.text in ",.;:!?" else ""):
            if symbol == "ː":
                sounds[-1] += symbol
            elif symbol in _SOUNDS or (symbol == "#" and sounds[-1] != "#"):
                sounds.append(symbol)
    if sounds[-1] != "#":
        sounds.append("#")
    return [left + right for left, right in itertools.pairwise(sounds)]


def select(texts: Iterable[Text], left_out: LeftOut) -> list[Text]:
    """The texts, normalised, without those left out and those that were there before."""
    chosen, seen = [], set()
    for text in texts:
        spoken = re.sub(r"^(\W*)([a-z])", lambda match: match[1] + match[2].upper(), normalize_english_text(text.text))
        # "no" with a full stop and "No?" are two texts for the ear, one of two spellings of the same words is enough
        key = (letters_of(spoken), spoken[-1:] if text.kind == "short" else "")
        if key[0] and key not in seen and text.text not in left_out and spoken not in left_out:
            seen.add(key)
            chosen.append(text._replace(text=spoken))
    return chosen


class Phonemized(NamedTuple):
    """A text with the segments of each accent."""

    text: Text
    segments: dict[str, list[Segment]]

    def as_json(self) -> str:
        """The line of the list."""
        return json.dumps({**self.text._asdict(), **self.segments}, ensure_ascii=False)


def phonemize(texts: Sequence[Text], accents: Sequence[str], progress: bool = False) -> list[Phonemized]:
    """The texts with phonemes in each accent, without those that are too long or have a word without phonemes."""
    phonemizers = {accent: EnglishPhonemizer(british=accent == "gb") for accent in accents}
    phonemized = []
    for text in tqdm(texts, desc="phonemes", unit=" texts", disable=not progress):
        segments = {accent: phonemizer(text.text, normalize=False) for accent, phonemizer in phonemizers.items()}
        for parts in segments.values():
            spoken = "".join(part.phonemes for part in parts)
            if len(spoken) > LONGEST_SYMBOLS or estimated_seconds(spoken) > LONGEST_SECONDS:
                break
            if not all(part.has_phonemes for part in parts if part.is_word):
                break
        else:
            phonemized.append(Phonemized(text, segments))
    return phonemized


def order_by_coverage(texts: Sequence[Phonemized], seed: int = 0, covered: int = 3) -> list[Phonemized]:
    """
    An order of which every beginning holds the pairs of sounds well.

    First come texts with each pair `covered` times, the rarest pairs before the others; then always the one of a few
    random texts whose pairs occurred least so far, the kinds in proportion.
    """
    rng = random.Random(seed)
    order = list(range(len(texts)))
    rng.shuffle(order)
    number_of: dict[str, int] = {}
    pairs = []
    for text in texts:
        names = [f"{accent} {pair}" for accent, parts in text.segments.items() for pair in diphones(parts)]
        pairs.append(np.array([number_of.setdefault(name, len(number_of)) for name in names], dtype=np.int64))
    totals = np.zeros(len(number_of), dtype=np.int64)
    holders: list[list[int]] = [[] for _ in number_of]
    for index in order:
        for pair in np.unique(pairs[index]):
            totals[pair] += 1
            if len(holders[pair]) < covered:
                holders[pair].append(index)
    counts = np.zeros(len(number_of))
    taken: list[int] = []
    used = np.zeros(len(texts), dtype=bool)

    def take(index: int) -> None:
        used[index] = True
        taken.append(index)
        np.add.at(counts, pairs[index], 1)

    for pair in np.argsort(totals, kind="stable"):
        for index in holders[pair]:
            if counts[pair] < covered and not used[index]:
                take(index)
    rng.shuffle(taken)

    queues: dict[str, list[int]] = {}
    for index in order:
        if not used[index]:
            queues.setdefault(texts[index].text.kind, []).append(index)
    sizes = {kind: len(queue) for kind, queue in queues.items()}
    while queues:
        kind = max(queues, key=lambda name: (len(queues[name]) / sizes[name], name))
        queue = queues[kind]
        window = range(max(0, len(queue) - (48 if len(taken) < 10_000 else 6)), len(queue))
        best = max(window, key=lambda place: float((1 / (1 + counts[pairs[queue[place]]])).mean()))
        queue[best], queue[-1] = queue[-1], queue[best]
        take(queue.pop())
        if not queue:
            del queues[kind]
    return [texts[index] for index in taken]


def trim_short(texts: Sequence[Text]) -> list[Text]:
    """The texts with as many of the kind `short` as make up `SHORT_SHARE` of the result."""
    others = sum(text.kind != "short" for text in texts)
    allowed = round(others * SHORT_SHARE / (1 - SHORT_SHARE)) if others else len(texts)
    chosen = []
    for text in texts:
        allowed -= text.kind == "short"
        if text.kind != "short" or allowed >= 0:
            chosen.append(text)
    return chosen


def build(
    *,
    ljspeech: Path | None,
    wordnet: Path | None,
    left_out: LeftOut,
    accents: Sequence[str] = ("us", "gb"),
    templates: int = 20_000,
    shorts: int = 20_000,
    seed: int = 0,
    progress: bool = False,
) -> list[Phonemized]:
    """
    The whole list.

    Args:
        ljspeech (`Path`): The `metadata.csv` of LJSpeech, or none.
        wordnet (`Path`): The folder of WordNet's database, or none: then there are no templates and short texts either.
        left_out (`LeftOut`): What is not trained on.
        accents (`Sequence[str]`, *optional*): `us` and `gb`, either or both.
        templates (`int`, *optional*): Sentences from templates, beside those for every first word.
        shorts (`int`, *optional*): Short texts to choose from.
        seed (`int`, *optional*): Of the random choices; the same list for the same seed.
        progress (`bool`, *optional*): Show a bar.
    """
    texts = ljspeech_texts(ljspeech) if ljspeech else []
    if wordnet:
        vocabulary = Vocabulary(wordnet)
        texts += wordnet_examples(wordnet)
        texts += template_texts(vocabulary, templates, seed)
        texts += short_texts(vocabulary, shorts, seed)
    texts = trim_short(select(texts, left_out))
    logger.info("%d texts", len(texts))
    return order_by_coverage(phonemize(texts, accents, progress), seed)


def coverage(texts: Sequence[Phonemized]) -> dict[str, dict[int, int]]:
    """Of each accent, how many different pairs of sounds the first 1,000, 10,000 ... texts hold."""
    found: dict[str, dict[int, int]] = {}
    for accent in texts[0].segments if texts else ():
        pairs: set[str] = set()
        for number, text in enumerate(texts, start=1):
            pairs.update(diphones(text.segments[accent]))
            if number in (1_000, 3_000, 10_000, 30_000, len(texts)):
                found.setdefault(accent, {})[number] = len(pairs)
    return found


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ljspeech", type=Path, help="metadata.csv of LJSpeech")
    parser.add_argument("--wordnet", type=Path, help="folder of WordNet's database files")
    parser.add_argument("--out", type=Path, required=True, help="the JSON-lines file to write")
    parser.add_argument("--accents", nargs="+", choices=("us", "gb"), default=["us", "gb"])
    parser.add_argument("--templates", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    if not (arguments.ljspeech or arguments.wordnet):
        parser.error("give --ljspeech, --wordnet or both")
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    texts = build(
        ljspeech=arguments.ljspeech,
        wordnet=arguments.wordnet,
        left_out=load_left_out(REPOSITORY, arguments.ljspeech),
        accents=arguments.accents,
        templates=arguments.templates,
        seed=arguments.seed,
        progress=True,
    )
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    with arguments.out.open("w", encoding="utf-8") as file:
        file.writelines(text.as_json() + "\n" for text in texts)
    logger.info("%d texts: %s", len(texts), dict(Counter(text.text.kind for text in texts)))
    for accent, numbers in coverage(texts).items():
        logger.info("pairs of sounds, %s, in the first texts: %s", accent, numbers)


if __name__ == "__main__":
    main()
