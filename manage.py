#!/usr/bin/env python
from congtruong.config.cli import main

if __name__ == "__main__":
    main()
