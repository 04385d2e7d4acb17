"""Mail: what is sent to whom, rendered and delivered outside any transaction."""
