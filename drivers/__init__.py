"""Devices on serial lines, and the agent that ties them to the hall.

A port owns one line and one thread; a device is put on a port; values go in and come out.

    port = Port("sim://printer/kiosk-1?paper=200&out=var/tickets", name="kiosk-1 printer")
    profile = load_profile(Path("config/devices/printers/gb18030_58.toml"))
    printer = Printer(port, profile, font=Path("config/fonts/…ttf"), ledger=Path("var/printed.txt"))
    port.start()
    job = [
        Text("市民中心", align=Align.CENTRE),
        Text("A012", size=3, align=Align.CENTRE, bold=True),
        Qr("https://hall.example/t/7f3c"),
        Cut(),
    ]
    result = printer.print("ticket-17-1", job)     # blocks; submit() gives a Future instead
    result.outcome                                 # Outcome.PRINTED | UNKNOWN | FAILED
    printer.health                                 # Health(state, trouble, since)
    port.close()

    line = Port("sim://rating_pad/window-3", name="window 3")
    table = load_pad_table(Path("config/devices/rs485_box.toml"))
    pad = RatingPad(Bus(line, table.frames), table, address=1, tell=on_rated)
    line.start()
    pad.ask("service-81", seconds=30)              # later: on_rated(Rated("service-81", 5)), once

    desk = Port("sim://id_reader/kiosk-1", private=True)     # nothing it hears is kept
    reader = IdReader(desk, load_table(Path("config/devices/id_reader.toml")), key=…, tell=on_card)
    desk.start()
    reader.ask(seconds=30)                         # later: on_card(CardRead(card)) or CardUnread

    table = load_strip_table(Path("config/devices/led_rows.toml"))
    strip = LedStrip(Bus(line, table.frames), table, address=3)
    strip.show("A012", waiting=7)                  # Sent.SENT: nobody can say that it is shown
    Scanner(Port("/dev/scanner", private=True), tell=on_scanned)

A port is chosen by its URL: a path, COM3, socket://host:port, rfc2217://host:port, spy://path, or a
simulated device: sim://printer/NAME?…, sim://id_reader/NAME, … (see drivers/simulator). `tell`
callbacks are run on the port's own thread: hand the value over and return.
"""
