"""What a person sees: Chromium against Home Assistant and the simulator."""
