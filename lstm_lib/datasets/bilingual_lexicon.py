"""The words of lesson 15: English and French, each of them in both lexicons of pyrealb (which a test looks up).

Left out is what has two quite different translations, nouns without a plural of their own in English, and what the
lexicons mark oddly. Other words of the same sense (*enseignant* for *professeur*) are never meant.
"""

from __future__ import annotations

from typing import NamedTuple


class Word(NamedTuple):
    """A word in English and in French, as they stand in a lexicon."""

    en: str
    fr: str


def _words(text: str) -> tuple[Word, ...]:
    """Return the words of a text "cat chat, dog chien"."""
    return tuple(Word(*pair.split()) for pair in text.replace("\n", " ").strip(" ,").split(","))


#: Those that act, and may be acted on.
BEINGS = _words("""
    man homme, woman femme, boy garçon, girl fille, king roi, queen reine, doctor médecin, teacher professeur,
    child enfant, neighbour voisin, soldier soldat, painter peintre, judge juge, lawyer avocat, cat chat, dog chien,
    horse cheval, bird oiseau, cow vache, mouse souris, wolf loup, lion lion, bear ours, fox renard, goat chèvre,
    rabbit lapin, student étudiant, singer chanteur, mother mère, father père, brother frère, uncle oncle, aunt tante,
    baby bébé, captain capitaine, thief voleur, farmer fermier, dancer danseur, monkey singe, duck canard
""")
#: Those that are acted on.
THINGS = _words("""
    letter lettre, apple pomme, house maison, car voiture, chair chaise, table table, door porte, window fenêtre,
    key clé, hat chapeau, shirt chemise, dress robe, shoe chaussure, bottle bouteille, knife couteau, plate assiette,
    lamp lampe, garden jardin, tree arbre, flower fleur, river rivière, mountain montagne, road route,
    bridge pont, church église, school école, boat bateau, train train, plane avion, box boîte, bag sac, coat manteau,
    ring bague, stone pierre, song chanson, newspaper journal, cake gâteau, cheese fromage, cup tasse, pencil crayon,
    bed lit, wall mur, roof toit, island île, village village, street rue, field champ, candle bougie, mirror miroir,
    basket panier, orange orange, wheel roue, castle château, kitchen cuisine, guitar guitare, piano piano
""")
#: Things that somebody can be in, on, under or behind.
PLACES = _words("""
    house maison, garden jardin, church église, school école, boat bateau, train train, castle château,
    kitchen cuisine, car voiture, field champ, village village, street rue
""")
#: Before their noun in French; of beings and things, of beings alone, of things alone.
BEFORE = _words("small petit, big grand, old vieux, beautiful beau, good bon, bad mauvais, pretty joli")
BEFORE_BEINGS = _words("young jeune")
BEFORE_THINGS = _words("new nouveau")
#: Behind their noun in French; the same three.
BEHIND = _words("dirty sale, strange étrange, dangerous dangereux, famous célèbre, elegant élégant")
BEHIND_BEINGS = _words("""
    sad triste, happy heureux, rich riche, cruel cruel, strong fort, weak faible, intelligent intelligent,
    tired fatigué, jealous jaloux, honest honnête, patient patient
""")
BEHIND_THINGS = _words("""
    black noir, white blanc, red rouge, pink rose, grey gris, green vert, blue bleu, yellow jaune,
    heavy lourd, empty vide, round rond, expensive cher, rare rare, modern moderne, dry sec,
    cold froid, narrow étroit, fragile fragile
""")
#: With an object.
TRANSITIVE = _words("""
    see voir, find trouver, lose perdre, buy acheter, sell vendre, take prendre, watch regarder, paint peindre,
    draw dessiner, hide cacher, break casser, open ouvrir, close fermer, wash laver, choose choisir, forget oublier,
    love aimer, hate détester, admire admirer, describe décrire, touch toucher, follow suivre, visit visiter,
    prefer préférer, repair réparer, burn brûler, push pousser, pull tirer, protect protéger, carry porter,
    photograph photographier, clean nettoyer, hear entendre, recognize reconnaître, imagine imaginer
""")
#: Those of them that are a state: their English object without an article is all there are of a kind (*les*, and not
#: *des*), and their English past may be French *aimait* as well as *a aimé*.
LIKING = _words("love aimer, hate détester, admire admirer, prefer préférer")
#: The others, which may stand in the past and in a passive.
ACTING = tuple(verb for verb in TRANSITIVE if verb not in LIKING)
#: Without an object, past with *avoir*.
INTRANSITIVE = _words("""
    sleep dormir, work travailler, sing chanter, dance danser, run courir, walk marcher, cry pleurer, laugh rire,
    smile sourire, swim nager, travel voyager, jump sauter, whistle siffler, dream rêver
""")
#: Without an object, past with *être*, so that the participle agrees.
MOTION = _words("""
    arrive arriver, come venir, fall tomber, stay rester, die mourir, enter entrer
""")
#: With an object and somebody who gets it.
GIVING = _words("""
    give donner, show montrer, sell vendre, offer offrir, bring apporter
""")
#: With a sentence behind *that*.
SAYING = _words("""
    say dire, think penser, know savoir, believe croire, hope espérer
""")
#: Behind the verb, in any tense.
ADVERBS = _words("slowly lentement, calmly calmement, today aujourd'hui")
#: Behind the verb, with one tense each: past, present, future.
TIMES = _words("yesterday hier, now maintenant, tomorrow demain")
PLACE_WORDS = _words("""
    in dans, on sur, under sous, behind derrière, with avec
""")
#: Pairs that are words of their own in French, or have a sense of their own: belle-mère, grand-oncle, vieille fille.
NEVER = frozenset(
    (adjective, noun)
    for adjectives, nouns in (
        (("beautiful", "big", "small", "good"), ("mother", "father", "brother")),
        (("big",), ("uncle", "aunt", "man")),
        (("old",), ("girl", "boy")),
        (("good",), ("man", "woman")),
        (("small",), ("child",)),
    )
    for adjective in adjectives
    for noun in nouns
)
