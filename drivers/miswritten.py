"""Why a file that an installer wrote cannot be used, for programs and for people."""


class Miswritten(ValueError):
    """A frame table or a printer's profile that cannot be used (写错): codes that people are told
    in their language (device.wrong.*), and the facts that those words name."""

    def __init__(self, *codes: str, **facts: str) -> None:
        named = "; ".join(f"{name} {value}" for name, value in facts.items())
        super().__init__(": ".join(one for one in (", ".join(codes), named) if one))
        self.codes, self.facts = codes, facts
