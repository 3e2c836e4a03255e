{
  inputs.machines.url = "github:example/machines";

  outputs = inputs: inputs.machines.lib.fromFolder ./machines;
}
