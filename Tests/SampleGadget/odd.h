/* What programs do besides being a device: signals, threads, names, memory, processes. */
#ifndef SAMPLE_GADGET_ODD_H
#define SAMPLE_GADGET_ODD_H

/* Prints what a call came to. */
int say(const char *what, int result);

/* Does that before the device is opened; 0 when it knows nothing of the name. */
int do_first(const char *what);

/* Does that with an open and configured device. */
void do_with(int device, const char *what);

/* Is the device the host's usbtest driver tests. */
void be_tested(int device);

/* Keeps the host waiting in the way of that name, with a configured device. */
void keep_waiting(int device, const char *what);

#endif
