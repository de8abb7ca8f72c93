"""CJK radicals that stand for the characters they look like.

A PDF's text often has the radical ⺠ (U+2EA0) where the page shows 民: whoever copies a name out
of it writes another name, which nobody can see.
"""

import unicodedata

# The CJK Radicals Supplement, after Unicode's EquivalentUnifiedIdeograph.txt: each radical with
# its character. Unicode's own normalisation knows two of them only.
_SUPPLEMENT = """
    ⺁厂 ⺂乛 ⺃乚 ⺄乙 ⺅亻 ⺆冂 ⺇𠘨 ⺈刀 ⺉刂 ⺊卜 ⺋㔾 ⺌小 ⺍尐 ⺎兀 ⺏尣 ⺐尢
    ⺑𡯂 ⺒巳 ⺓幺 ⺔彑 ⺕彐 ⺖忄 ⺗心 ⺘扌 ⺙攵 ⺛旡 ⺜日 ⺝月 ⺞歺 ⺟母 ⺠民 ⺡氵
    ⺢氺 ⺣灬 ⺤爫 ⺥爬 ⺦丬 ⺧牛 ⺨犭 ⺩王 ⺪𤴔 ⺫目 ⺬示 ⺭礻 ⺮𥫗 ⺯糹 ⺰纟 ⺱罓
    ⺲罒 ⺳㓁 ⺴冗 ⺵𦉫 ⺶羊 ⺷𦍌 ⺸𦍋 ⺹耂 ⺺肀 ⺻聿 ⺼肉 ⺽𦥑 ⺾艹 ⺿艺 ⻀艻 ⻁虎
    ⻂衤 ⻃覀 ⻄西 ⻅见 ⻆角 ⻇𧢲 ⻈讠 ⻉贝 ⻊𧾷 ⻋车 ⻌辶 ⻍辷 ⻎辸 ⻏邑 ⻐钅 ⻑長
    ⻒镸 ⻓长 ⻔门 ⻕𨸏 ⻖阝 ⻗雨 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻞𩙿 ⻟飠 ⻠饣 ⻡𩠐
    ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄 ⻪黾 ⻫斉 ⻬齐 ⻭歯 ⻮齿 ⻯竜 ⻰龙 ⻱龜
    ⻲亀 ⻳龟
"""
# What normalisation turns into old or Chinese forms that nobody means in Japanese.
_JAPANESE = "⼾戸 ⾭青 ⿈黄 ⿊黒"
_KANGXI = range(0x2F00, 0x2FD6)

_UNIFIED = {
    **{chr(one): unicodedata.normalize("NFKC", chr(one)) for one in _KANGXI},
    **{pair[0]: pair[1] for pair in (_SUPPLEMENT + _JAPANESE).split()},
}
_TABLE = str.maketrans(_UNIFIED)


def unify_radicals(text: str) -> str:
    """The text with the characters that its radicals stand for; all else as it is."""
    return text.translate(_TABLE)
