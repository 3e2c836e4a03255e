{ mkHost }:
{
	hosts = {
		pai = mkHost "pai" [ ];
	};
}
