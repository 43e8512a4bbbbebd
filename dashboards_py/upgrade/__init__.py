"""What an upgrade of Cilium changes: for boards, rules and the values of its chart."""
