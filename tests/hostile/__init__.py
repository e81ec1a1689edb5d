"""What hostile or careless users do: broken data sets, texts that want to be code, bad notebooks."""
