"""What the operator needs: init, serve, worker, doctor, backup, restore."""
