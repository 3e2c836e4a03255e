{
	imports = [
		./a.nix
	];
}
