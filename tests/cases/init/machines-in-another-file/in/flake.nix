{
  outputs = inputs: import ./outputs inputs;
}
