{ mkHost }:
{
	hosts = {
		pai = mkHost "pai" [ ];
		kalaw = mkHost "kalaw" [
		  ./kalaw.nix
		];
	};
}
