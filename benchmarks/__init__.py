"""What Firstbell costs, measured in one run and given as ratios to a floor."""
